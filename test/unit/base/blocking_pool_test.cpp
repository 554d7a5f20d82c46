#include "base/blocking_pool.h"

#include <array>
#include <atomic>
#include <future>
#include <memory>

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/resource.h>

#include "base/spawn.h"
#include "support/eventually.h"
#include "support/failure_of.h"
#include "support/run_task.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;
using test::failure_of;

struct worker {
    std::thread::id id;
    std::string name;
};

worker this_worker() {
    std::array<char, 16> name{};
    pthread_getname_np(pthread_self(), name.data(), name.size());
    return {.id = std::this_thread::get_id(), .name = name.data()};
}

steady::time_point soon() { return steady::now() + 1min; }

pool_client of(const std::string& source, std::function<bool()> has_left = {}) {
    return {.source = {source, source, source}, .has_left = std::move(has_left)};
}

// Jobs that wait for `release`, begun one after another on one context, which only the test's thread serves.
class blocking_pool_test : public testing::Test {
protected:
    // A source has one place.
    static std::unique_ptr<blocking_pool> make_pool(std::size_t queue_limit, std::size_t reserved = 0) {
        return std::make_unique<blocking_pool>(blocking_pool::options{
            .name = "test", .threads = 1, .queue_limit = queue_limit, .reserved = reserved, .shares = queue_limit});
    }

    ~blocking_pool_test() override {
        open_.set_value();
        pool_.reset();
        context_.run();
    }

    void begin(std::optional<result<int>>& outcome, steady::time_point deadline = soon(), pool_client whose = {}) {
        auto job = [](blocking_pool& pool, steady::time_point until, pool_client client, std::shared_future<void> gate,
                      std::atomic<int>& ran, std::optional<result<int>>& out) -> task<void> {
            out = co_await pool.run(
                until,
                [&] {
                    ++ran;
                    gate.wait();
                    return 42;
                },
                std::move(client));
        };
        spawn(context_.get_executor(), "job", job(*pool_, deadline, std::move(whose), gate_, ran_, outcome));
        context_.poll();
    }

    void release() {
        open_.set_value();
        open_ = {};
        gate_ = {};
    }

    bool one_runs() const {
        return test::eventually([&] { return pool_->current_load().running == 1 && ran_ == 1; });
    }

    asio::io_context context_{1};
    std::unique_ptr<blocking_pool> pool_ = make_pool(1);
    std::promise<void> open_;
    std::shared_future<void> gate_ = open_.get_future().share();
    std::atomic<int> ran_ = 0;
    std::optional<result<int>> first_, second_, third_;
};

TEST_F(blocking_pool_test, refuses_at_once_when_the_queue_is_full) {
    begin(first_);
    ASSERT_TRUE(one_runs());
    begin(second_);
    begin(third_);
    context_.poll();
    ASSERT_TRUE(third_);
    EXPECT_EQ(failure_of(*third_), errc::overloaded);
    EXPECT_GT(third_->error().retry_after, 0s);
    EXPECT_FALSE(first_);
    EXPECT_FALSE(second_);
    const auto load = pool_->current_load();
    EXPECT_EQ(load.running, 1u);
    EXPECT_EQ(load.waiting, 1u);

    release();
    context_.run();
    EXPECT_EQ(first_->value(), 42);
    EXPECT_EQ(second_->value(), 42);
    EXPECT_EQ(ran_, 2);
    EXPECT_TRUE(test::eventually([&] { return pool_->current_load().running == 0; }));
}

TEST_F(blocking_pool_test, drops_a_job_whose_deadline_passed_while_it_waited) {
    begin(first_);
    ASSERT_TRUE(one_runs());
    begin(second_, steady::now() - 1us);
    release();
    context_.run();
    EXPECT_EQ(first_->value(), 42);
    EXPECT_EQ(failure_of(*second_), errc::unavailable);
    EXPECT_EQ(ran_, 1);
}

TEST_F(blocking_pool_test, refuses_a_client_that_has_its_share_of_the_queue) {
    pool_ = make_pool(4);
    begin(first_, soon(), of("a"));
    ASSERT_TRUE(one_runs());
    begin(second_, soon(), of("a"));
    begin(third_, soon(), of("a"));
    context_.poll();
    ASSERT_TRUE(third_);
    EXPECT_EQ(failure_of(*third_), errc::overloaded);
    begin(third_, soon(), of("b"));
    release();
    context_.restart();
    context_.run();
    EXPECT_EQ(second_->value(), 42);
    EXPECT_EQ(third_->value(), 42);
}

TEST_F(blocking_pool_test, refuses_the_newest_job_of_who_has_most_for_one_of_who_has_none) {
    pool_ = std::make_unique<blocking_pool>(blocking_pool::options{.name = "test", .threads = 1, .queue_limit = 2});
    std::optional<result<int>> fourth;
    begin(first_);
    ASSERT_TRUE(one_runs());
    begin(second_, soon(), of("a"));
    begin(third_, soon(), of("a"));
    begin(fourth, soon(), of("b"));
    context_.poll();
    ASSERT_TRUE(third_);
    EXPECT_EQ(failure_of(*third_), errc::overloaded);
    EXPECT_GT(third_->error().retry_after, 0s);
    EXPECT_EQ(pool_->current_load().waiting, 2u);
    release();
    context_.restart();
    context_.run();
    EXPECT_EQ(second_->value(), 42);
    EXPECT_EQ(fourth->value(), 42);
}

TEST_F(blocking_pool_test, keeps_the_places_that_are_reserved_for_known_clients) {
    pool_ = make_pool(2, 1);
    begin(first_);
    ASSERT_TRUE(one_runs());
    begin(second_, soon(), of("a"));
    begin(third_, soon(), of("b"));
    context_.poll();
    ASSERT_TRUE(third_);
    EXPECT_EQ(failure_of(*third_), errc::overloaded);
    begin(third_, soon(), {.source = of("b").source, .known_as = "berta"});
    EXPECT_EQ(pool_->current_load().waiting, 2u);
    release();
    context_.restart();
    context_.run();
    EXPECT_EQ(second_->value(), 42);
    EXPECT_EQ(third_->value(), 42);
}

TEST_F(blocking_pool_test, drops_the_job_of_a_client_that_left_while_others_wait) {
    pool_ = make_pool(4);
    begin(first_);
    ASSERT_TRUE(one_runs());
    begin(second_, soon(), of("a", [] { return true; }));
    begin(third_, soon(), of("b", [] { return true; }));
    release();
    context_.run();
    EXPECT_EQ(failure_of(*second_), errc::unavailable);
    EXPECT_EQ(third_->value(), 42) << "nobody waited for its place";
    EXPECT_EQ(ran_, 2);
}

TEST_F(blocking_pool_test, finishes_what_runs_and_what_waits_at_its_end) {
    begin(first_);
    ASSERT_TRUE(one_runs());
    begin(second_);
    auto ended = std::async(std::launch::async, [this] { pool_.reset(); });
    EXPECT_EQ(ended.wait_for(20ms), std::future_status::timeout);
    release();
    ended.get();
    EXPECT_EQ(ran_, 2);
    context_.run();
    EXPECT_EQ(first_->value(), 42);
    EXPECT_EQ(second_->value(), 42);
}

TEST(blocking_pool, works_on_its_own_thread_and_resumes_on_the_callers) {
    blocking_pool pool({.name = "test-name", .threads = 1, .queue_limit = 4});
    std::thread::id resumed_on;
    const auto job = [](blocking_pool& on, std::thread::id& resumed) -> task<result<worker>> {
        auto outcome = co_await on.run(soon(), [] { return this_worker(); });
        resumed = std::this_thread::get_id();
        co_return outcome;
    };
    const auto worked = test::run(job(pool, resumed_on)).value();
    EXPECT_NE(worked.id, std::this_thread::get_id());
    EXPECT_EQ(resumed_on, std::this_thread::get_id());
    EXPECT_EQ(worked.name, "test-name");
}

TEST(blocking_pool, returns_what_cannot_be_copied) {
    blocking_pool pool({.name = "test", .threads = 1, .queue_limit = 4});
    const auto made = test::run(pool.run(soon(), [] { return std::make_unique<int>(7); }));
    EXPECT_EQ(**made, 7);
}

TEST(blocking_pool, runs_as_many_at_once_as_it_has_threads) {
    blocking_pool pool({.name = "test", .threads = 2, .queue_limit = 8});
    std::atomic<int> inside = 0;
    std::vector<task<result<bool>>> jobs;
    for (int i = 0; i < 2; ++i) {
        jobs.push_back(pool.run(soon(), [&inside] {
            ++inside;
            return test::eventually([&] { return inside == 2; });
        }));
    }
    for (const auto& met : test::run_together(std::move(jobs), 1)) EXPECT_TRUE(met.value());
}

TEST(blocking_pool, gives_way_if_it_is_told_to) {
    const auto nice_in = [](bool low_priority) {
        blocking_pool pool({.name = "test", .threads = 1, .queue_limit = 4, .low_priority = low_priority});
        return test::run(pool.run(soon(), [] { return getpriority(PRIO_PROCESS, 0); })).value();
    };
    EXPECT_EQ(nice_in(false), getpriority(PRIO_PROCESS, 0));
    EXPECT_GE(nice_in(true), 10);
}

}  // namespace
}  // namespace userinfo
