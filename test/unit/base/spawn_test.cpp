#include "base/spawn.h"

#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include "base/log.h"
#include "base/timer.h"
#include "support/background_thread.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;

task<void> append(std::vector<std::string>& to, std::string text) {
    to.push_back(std::move(text));
    co_return;
}

// As a loop: it has waited before it throws.
task<void> wait_and_throw() {
    co_await sleep_until(std::chrono::steady_clock::now() + 1ms);
    throw std::out_of_range("no such key");
}

TEST(spawn, runs_the_work_and_then_what_follows_it) {
    asio::io_context context(1);
    std::vector<std::string> done;
    spawn(context.get_executor(), "test", append(done, "work"), [&] { done.emplace_back("done"); });
    EXPECT_TRUE(done.empty());
    context.run();
    EXPECT_EQ(done, (std::vector<std::string>{"work", "done"}));
}

TEST(spawn, a_coroutine_that_waits_ends_with_its_context) {
    const auto alive = std::make_shared<int>();
    const auto wait = [](std::shared_ptr<int>) -> task<void> {
        co_await sleep_until(std::chrono::steady_clock::now() + 1h);
    };
    bool is_done = false;
    {
        asio::io_context context(1);
        spawn(context.get_executor(), "test", wait(alive), [&] { is_done = true; });
        context.poll();
        EXPECT_GT(alive.use_count(), 1);
        context.stop();
    }
    EXPECT_EQ(alive.use_count(), 1);
    EXPECT_FALSE(is_done);
}

// On standard error, which the death tests read.
void open_json_log(log_level level = log_level::info) {
    open_log({.level = level, .format = log_format::json, .file = {}});
}

class spawn_death_test : public testing::Test {
protected:
    spawn_death_test() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

    const testing::KilledBySignal by_abort_{SIGABRT};
};

TEST_F(spawn_death_test, an_exception_is_logged_and_ends_the_program) {
    EXPECT_EXIT(
        {
            open_json_log();
            asio::io_context context(1);
            spawn(context.get_executor(), "key ring", wait_and_throw());
            const test::background_thread runner(context);
            for (;;) pause();
        },
        by_abort_,
        R"("level":"error".*"a bug ends the program","where":"key ring","cause":"std::out_of_range: no such key"\})");
}

TEST_F(spawn_death_test, what_follows_the_work_does_not_follow_an_exception) {
    EXPECT_EXIT(
        {
            asio::io_context context(1);
            spawn(context.get_executor(), "key ring", wait_and_throw(), [] { std::exit(0); });
            context.run();
        },
        by_abort_, "");
}

TEST_F(spawn_death_test, an_exception_goes_to_standard_error_if_the_log_takes_no_errors) {
    const auto throw_number = []() -> task<void> {
        throw 1;
        co_return;
    };
    EXPECT_EXIT(
        {
            open_json_log(log_level::off);
            asio::io_context context(1);
            spawn(context.get_executor(), "key ring", throw_number());
            context.run();
        },
        by_abort_, "userinfo: a bug in key ring ends the program: an exception of an unknown type");
}

TEST_F(spawn_death_test, an_exception_that_nobody_catches_is_logged_with_its_thread) {
    EXPECT_EXIT(
        {
            open_json_log();
            log_uncaught_exceptions();
            std::thread([] {
                pthread_setname_np(pthread_self(), "db-write");
                throw std::logic_error("a bug");
            }).join();
        },
        by_abort_, R"("where":"db-write","cause":"std::logic_error: a bug"\})");
}

}  // namespace
}  // namespace userinfo
