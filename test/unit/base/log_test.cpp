#include "base/log.h"

#include <fstream>
#include <regex>
#include <stdexcept>
#include <thread>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "support/scratch_folder.h"

namespace userinfo {
namespace {

// Opens the log on a file of its own; `lines` closes it.
class log_test : public testing::Test {
protected:
    ~log_test() override { close_log(); }

    void open(log_format format, log_level level = log_level::info) {
        open_log({.level = level, .format = format, .file = file_.string()});
    }

    std::vector<std::string> lines() {
        close_log();
        std::vector<std::string> read;
        std::ifstream input(file_);
        for (std::string line; std::getline(input, line);) read.push_back(line);
        return read;
    }

    const call call_{.request_id = "req-1",
                     .deadline = {},
                     .address = "192.0.2.1",
                     .user_agent = "a browser",
                     .access_token = "secret-token",
                     .account = uuid::parse("0123abcd-4567-4def-89ab-cdef01234567")};

    const test::scratch_folder folder_;
    const std::filesystem::path file_ = folder_ / "userinfo.log";
};

TEST_F(log_test, goes_on_in_a_new_file_when_it_is_told_to) {
    open(log_format::json);
    log_error("before");
    const std::filesystem::path old = file_.string() + ".1";
    std::filesystem::rename(file_, old);
    reopen_log();
    log_error("after");
    const auto written = lines();
    ASSERT_FALSE(written.empty());
    EXPECT_TRUE(written.back().contains("after"));
    EXPECT_TRUE(std::filesystem::exists(old));
}

TEST_F(log_test, goes_on_in_the_old_file_if_a_new_one_cannot_be_opened) {
    open(log_format::json);
    std::filesystem::rename(file_, file_.string() + ".1");
    std::filesystem::create_directory(file_);
    EXPECT_THROW(reopen_log(), std::runtime_error);
    log_error("after");
    close_log();
    std::ifstream old(file_.string() + ".1");
    std::string line;
    EXPECT_TRUE(std::getline(old, line) && line.contains("after"));
}

TEST_F(log_test, writes_one_json_object_a_line) {
    open(log_format::json);
    log_info(call_, "it happened", {{"count", 3}, {"name", "a \"name\"\n{\"level\":\"forged\"}"}});
    log_error("it failed");
    const auto written = lines();
    ASSERT_EQ(written.size(), 2u);
    const auto first = boost::json::parse(written[0]).as_object();
    EXPECT_EQ(first.at("level"), "info");
    EXPECT_EQ(first.at("message"), "it happened");
    EXPECT_EQ(first.at("request_id"), "req-1");
    EXPECT_EQ(first.at("account"), "0123abcd-4567-4def-89ab-cdef01234567");
    EXPECT_EQ(first.at("count"), 3);
    EXPECT_EQ(first.at("name"), "a \"name\"\n{\"level\":\"forged\"}");
    const std::string source(first.at("source").as_string());
    EXPECT_TRUE(std::regex_search(source, std::regex("log_test\\.cpp:[0-9]+$"))) << source;
    const auto second = boost::json::parse(written[1]).as_object();
    EXPECT_EQ(second.at("level"), "error");
    EXPECT_FALSE(second.contains("request_id"));
    EXPECT_FALSE(second.contains("account"));
}

TEST_F(log_test, tells_the_time_in_utc_to_the_microsecond) {
    open(log_format::json);
    const auto before = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    log_info("now");
    const auto after = std::chrono::system_clock::now();
    const std::string time(boost::json::parse(lines().at(0)).at("time").as_string());
    ASSERT_TRUE(std::regex_match(time, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)"))) << time;
    std::tm utc{};
    ASSERT_NE(strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &utc), nullptr);
    const auto told =
        std::chrono::system_clock::from_time_t(timegm(&utc)) + std::chrono::microseconds(std::stoi(time.substr(20, 6)));
    EXPECT_GE(told, before);
    EXPECT_LE(told, after);
}

TEST_F(log_test, what_a_client_sent_stays_json_even_if_it_is_not_utf8) {
    open(log_format::json);
    const std::string bytes = "\xff\xc0\x80 \x1b[2J \u2028";
    log_info("bytes", {{"text", std::string_view(bytes)}});
    boost::system::error_code failed;
    boost::json::parse(lines().at(0), failed);
    EXPECT_FALSE(failed);
}

TEST_F(log_test, what_a_client_sent_steers_no_terminal_in_either_form) {
    constexpr std::string_view sent = "\u009b31m\u202eabc\u2066\u200b";
    open(log_format::json);
    log_info("json", {{"text", sent}});
    const auto json = lines().at(0);
    EXPECT_TRUE(json.contains(R"("\u009b31m\u202eabc\u2066\u200b")")) << json;
    EXPECT_EQ(boost::json::parse(json).at("text").as_string(), sent);
    open(log_format::plain);
    log_info("plain", {{"text", std::string(sent) + "\xff"}});
    const auto plain = lines().back();
    EXPECT_TRUE(plain.contains(R"(text=\u{009B}31m\u{202E}abc\u{2066}\u{200B}\x{FF} )")) << plain;
}

TEST_F(log_test, writes_nothing_of_a_call_but_its_id_and_its_account) {
    open(log_format::json);
    log_info(call_, "it happened");
    const auto line = lines().at(0);
    for (const auto* secret : {"secret-token", "192.0.2.1", "a browser"}) {
        EXPECT_EQ(line.find(secret), line.npos) << secret;
    }
}

TEST_F(log_test, plain_text_begins_no_line_at_a_clients_wish) {
    open(log_format::plain);
    log_info(call_, "refused", {{"path", "/a\n12:00:00 error forged\r\x1b[2J\x7f"}, {"count", -2}});
    const auto written = lines();
    ASSERT_EQ(written.size(), 1u);
    EXPECT_NE(
        written[0].find(
            R"(refused path=/a\n12:00:00 error forged\r\u{001B}[2J\u{007F} count=-2 request_id=req-1 account=0123)"),
        std::string::npos)
        << written[0];
}

TEST_F(log_test, leaves_out_what_is_below_the_level) {
    open(log_format::json, log_level::warning);
    log_debug("debug");
    log_info("info");
    log_warning("warning");
    log_error(call_, "error");
    EXPECT_FALSE(log_enabled(log_level::info));
    EXPECT_TRUE(log_enabled(log_level::warning));
    const auto written = lines();
    ASSERT_EQ(written.size(), 2u);
    EXPECT_EQ(boost::json::parse(written[0]).at("level"), "warning");
    EXPECT_EQ(boost::json::parse(written[1]).at("level"), "error");
}

TEST_F(log_test, may_be_off_altogether) {
    open(log_format::json, log_level::off);
    log_error("error");
    EXPECT_FALSE(log_enabled(log_level::error));
    EXPECT_TRUE(lines().empty());
}

TEST_F(log_test, lines_go_nowhere_while_it_is_closed) {
    log_error("before");
    open(log_format::json);
    close_log();
    log_error("after");
    EXPECT_FALSE(log_enabled(log_level::error));
    EXPECT_TRUE(lines().empty());
}

TEST_F(log_test, lines_of_many_threads_stay_whole) {
    open(log_format::json);
    std::vector<std::thread> threads;
    for (std::int64_t i = 0; i < 4; ++i) {
        threads.emplace_back([i] {
            for (int j = 0; j < 500; ++j) log_info("from a thread", {{"thread", i}, {"text", "x\ny"}});
        });
    }
    for (auto& thread : threads) thread.join();
    const auto written = lines();
    EXPECT_EQ(written.size(), 2000u);
    for (const auto& line : written) {
        boost::system::error_code failed;
        boost::json::parse(line, failed);
        ASSERT_FALSE(failed) << line;
    }
    EXPECT_EQ(lost_log_lines(), 0u);
}

TEST(log, names_a_file_that_cannot_be_opened) {
    const test::scratch_folder folder;
    const auto file = (folder / "missing" / "userinfo.log").string();
    try {
        open_log({.level = log_level::info, .format = log_format::json, .file = file});
        FAIL() << "opened " << file;
    } catch (const std::runtime_error& why) {
        EXPECT_NE(std::string(why.what()).find(file), std::string::npos);
    }
}

}  // namespace
}  // namespace userinfo
