#include "net/refused_connections.h"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/log.h"
#include "support/scratch_folder.h"

namespace userinfo::net {
namespace {

class refused_connections_test : public testing::Test {
protected:
    refused_connections_test() {
        open_log({.level = log_level::info, .format = log_format::json, .file = file_.string()});
    }
    ~refused_connections_test() override { close_log(); }

    std::vector<std::string> log_lines() const {
        close_log();
        std::ifstream log(file_);
        std::vector<std::string> lines;
        for (std::string line; std::getline(log, line);) lines.push_back(line);
        return lines;
    }

    const test::scratch_folder folder_;
    const std::filesystem::path file_ = folder_ / "log";
    const connection_source somebody_ = ip_address::parse("192.0.2.1");
    metrics metrics_;
    refused_connections refused_{metrics_, "public", {refusal::full, refusal::source}};
};

TEST_F(refused_connections_test, are_counted_by_listener_and_reason) {
    for (int i = 0; i < 3; ++i) refused_.count(refusal::source, somebody_);
    const auto text = metrics_.text();
    const std::string name = "userinfo_connections_refused_total";
    EXPECT_TRUE(text.contains(name + "{listener=\"public\",reason=\"source\"} 3\n")) << text;
    EXPECT_TRUE(text.contains(name + "{listener=\"public\",reason=\"full\"} 0\n")) << text;
    EXPECT_FALSE(text.contains("displaced")) << text;
}

TEST_F(refused_connections_test, are_logged_once_in_a_while_for_each_reason) {
    for (int i = 0; i < 1'000; ++i) refused_.count(refusal::source, somebody_);
    for (int i = 0; i < 1'000; ++i) refused_.count(refusal::full, std::nullopt);
    const auto lines = log_lines();
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_TRUE(lines[0].contains(R"("listener":"public","source":"192.0.2.1","connections":1)")) << lines[0];
    EXPECT_TRUE(lines[1].contains(R"("listener":"public","source":"unix:","connections":1)")) << lines[1];
}

}  // namespace
}  // namespace userinfo::net
