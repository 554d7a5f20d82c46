#include "storage/sql/mysql/clock_comparison.h"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/log.h"
#include "support/scratch_folder.h"

namespace userinfo::sql {

namespace {

using namespace std::chrono_literals;

class clock_comparison_test : public testing::Test {
protected:
    clock_comparison_test() {
        open_log({.level = log_level::info, .format = log_format::json, .file = file_.string()});
    }
    ~clock_comparison_test() override { close_log(); }

    // What it has told so far.
    std::vector<std::string> told() {
        flush_log();
        std::ifstream log(file_);
        std::vector<std::string> lines;
        for (std::string line; std::getline(log, line);) lines.push_back(line);
        return lines;
    }

    void note(std::chrono::microseconds offset) { clocks_.note(offset, "db-1", now_); }

    const test::scratch_folder folder_;
    const std::filesystem::path file_ = folder_ / "userinfo.log";
    metrics figures_;
    clock_comparison clocks_{figures_};
    std::chrono::steady_clock::time_point now_ = std::chrono::steady_clock::time_point(100s);
};

TEST_F(clock_comparison_test, shows_the_offset_with_its_sign) {
    note(-1500ms);
    EXPECT_TRUE(figures_.text().contains("\nuserinfo_clock_offset_seconds -1.5\n")) << figures_.text();
    note(45s);
    EXPECT_TRUE(figures_.text().contains("\nuserinfo_clock_offset_seconds 45\n")) << figures_.text();
}

TEST_F(clock_comparison_test, bears_ten_seconds_in_both_directions) {
    note(10s);
    note(-10s);
    EXPECT_TRUE(told().empty());
    note(10s + 1us);
    ASSERT_EQ(told().size(), 1u);
    EXPECT_TRUE(told()[0].contains(R"("level":"warning")")) << told()[0];
    EXPECT_TRUE(told()[0].contains(R"("host":"db-1","offset_ms":10000)")) << told()[0];
}

TEST_F(clock_comparison_test, warns_of_a_clock_that_is_behind) {
    note(-45s);
    ASSERT_EQ(told().size(), 1u);
    EXPECT_TRUE(told()[0].contains(R"("offset_ms":-45000)")) << told()[0];
}

TEST_F(clock_comparison_test, warns_again_after_ten_minutes_and_tells_when_it_is_over) {
    for (int i = 0; i < 5; ++i) note(45s);
    now_ += 10min - 1ns;
    note(45s);
    EXPECT_EQ(told().size(), 1u);
    now_ += 1ns;
    note(45s);
    EXPECT_EQ(told().size(), 2u);
    note(0s);
    note(0s);
    ASSERT_EQ(told().size(), 3u);
    EXPECT_TRUE(told()[2].contains("agrees")) << told()[2];
}

}  // namespace

}  // namespace userinfo::sql
