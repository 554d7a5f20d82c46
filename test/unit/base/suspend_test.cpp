#include "base/suspend.h"

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/run_task.h"

namespace userinfo {
namespace {

using steps = std::vector<std::string>;

// Coroutines on a context that only the test's thread runs. Each hands out its continuation and notes what follows.
class suspend_test : public testing::Test {
protected:
    void begin() {
        asio::co_spawn(context_, wait(), test::detail::rethrow);
        context_.poll();
    }

    asio::io_context context_{1};
    continuation<std::unique_ptr<int>> resume_;
    std::unique_ptr<int> got_;
    std::thread::id resumed_on_, ended_on_;

private:
    struct end_note {
        ~end_note() { *on = std::this_thread::get_id(); }
        std::thread::id* on;
    };

    task<void> wait() {
        const end_note note{&ended_on_};
        got_ = co_await suspend<std::unique_ptr<int>>([this](auto resume) { resume_ = std::move(resume); });
        resumed_on_ = std::this_thread::get_id();
    }
};

static_assert(sizeof(continuation<std::string>) == sizeof(void*));

TEST_F(suspend_test, returns_what_the_continuation_is_called_with) {
    begin();
    ASSERT_TRUE(resume_);
    resume_(std::make_unique<int>(7));
    EXPECT_FALSE(resume_);
    context_.run();
    ASSERT_TRUE(got_);
    EXPECT_EQ(*got_, 7);
}

TEST_F(suspend_test, resumes_after_the_call_and_not_within) {
    begin();
    resume_(std::make_unique<int>(7));
    EXPECT_FALSE(got_);
    context_.poll();
    EXPECT_TRUE(got_);
}

TEST_F(suspend_test, resumes_on_the_thread_of_its_context) {
    begin();
    std::thread([this] { resume_(std::make_unique<int>(7)); }).join();
    EXPECT_FALSE(got_);
    context_.run();
    EXPECT_EQ(resumed_on_, std::this_thread::get_id());
    EXPECT_EQ(ended_on_, std::this_thread::get_id());
}

TEST_F(suspend_test, gives_its_context_work_for_as_long_as_it_waits) {
    begin();
    EXPECT_FALSE(context_.stopped());
    resume_(nullptr);
    context_.poll();
    EXPECT_TRUE(context_.stopped());
}

TEST_F(suspend_test, a_continuation_that_ends_without_a_call_ends_the_coroutine_on_its_thread) {
    begin();
    std::thread([this] { resume_ = {}; }).join();
    EXPECT_EQ(ended_on_, std::thread::id());
    context_.run();
    EXPECT_EQ(ended_on_, std::this_thread::get_id());
    EXPECT_EQ(resumed_on_, std::thread::id());
}

TEST_F(suspend_test, a_coroutine_that_was_to_resume_ends_with_its_context) {
    auto context = std::make_unique<asio::io_context>(1);
    continuation<int> resume;
    const auto alive = std::make_shared<int>();
    const auto wait = [](continuation<int>& out, std::shared_ptr<int>) -> task<void> {
        co_await suspend<int>([&](auto given) { out = std::move(given); });
    };
    asio::co_spawn(*context, wait(resume, alive), test::detail::rethrow);
    context->poll();
    resume(1);
    EXPECT_GT(alive.use_count(), 1);
    context.reset();
    EXPECT_EQ(alive.use_count(), 1);
}

TEST_F(suspend_test, one_continuation_takes_the_place_of_another) {
    begin();
    auto first = std::move(resume_);
    EXPECT_FALSE(resume_);
    begin();
    resume_ = std::move(first);
    resume_(std::make_unique<int>(1));
    context_.run();
    EXPECT_EQ(*got_, 1);
}

TEST(suspend, the_continuation_may_be_called_before_begin_returns) {
    steps done;
    const auto order = [](steps& out) -> task<void> {
        co_await suspend<void>([&](continuation<void> resume) {
            resume();
            out.emplace_back("begun");
        });
        out.emplace_back("resumed");
    };
    test::run(order(done));
    EXPECT_EQ(done, (steps{"begun", "resumed"}));
}

TEST(suspend, waits_again_and_again) {
    const auto sum = []() -> task<int> {
        int total = 0;
        for (int i = 0; i < 10'000; ++i) total += co_await suspend<int>([i](continuation<int> resume) { resume(i); });
        co_return total;
    };
    EXPECT_EQ(test::run(sum()), 49'995'000);
}

TEST(suspend, each_coroutine_resumes_once_when_other_threads_call) {
    std::vector<std::jthread> others;
    std::vector<task<int>> waiting;
    const auto wait = [](std::vector<std::jthread>& threads, int number) -> task<int> {
        co_return co_await suspend<int>([&](continuation<int> resume) {
            threads.emplace_back([resume = std::move(resume), number]() mutable { resume(number); });
        });
    };
    for (int i = 0; i < 100; ++i) waiting.push_back(wait(others, i));
    const auto results = test::run_together(std::move(waiting), 1);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(results[static_cast<std::size_t>(i)], i);
}

TEST(suspend_death_test, ends_the_program_if_begin_throws) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto fail = []() -> task<void> {
        co_await suspend<void>([](const continuation<void>&) { throw std::logic_error("a bug"); });
    };
    EXPECT_DEATH(test::run(fail()), "a bug");
}

}  // namespace
}  // namespace userinfo
