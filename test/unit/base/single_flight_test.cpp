#include "base/single_flight.h"

#include <atomic>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include "base/blocking_pool.h"
#include "support/run_task.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;

struct landing {
    int answer = 0;
    std::string thrown = {};
    std::thread::id on = {};
};

// Flights that land when `release` was called.
class single_flight_test : public testing::Test {
protected:
    void begin(asio::io_context& context, const std::string& key, landing& out) {
        asio::co_spawn(context, fly(key, out), test::detail::rethrow);
        context.poll();
    }

    task<void> fly(std::string key, landing& out) {
        try {
            out.answer = co_await flight_.run(key, [this] { return work(); });
        } catch (const std::runtime_error& why) {
            out.thrown = why.what();
        }
        out.on = std::this_thread::get_id();
    }

    void release() { open_.set_value(); }

    std::atomic<int> works_ = 0;
    std::atomic<bool> throws_ = false;

private:
    task<int> work() {
        const int number = ++works_;
        const auto waited = co_await pool_.run(std::chrono::steady_clock::now() + 1min, [this] {
            gate_.wait();
            return true;
        });
        if (throws_) throw std::runtime_error("the work failed");
        co_return waited ? number : -1;
    }

    std::promise<void> open_;
    std::shared_future<void> gate_ = open_.get_future().share();
    single_flight<std::string, int> flight_;
    blocking_pool pool_{{.name = "test", .threads = 2, .queue_limit = 64}};
};

TEST_F(single_flight_test, many_callers_share_one_work) {
    asio::io_context context(1);
    std::vector<landing> landings(10);
    for (auto& each : landings) begin(context, "key", each);
    release();
    context.run();
    EXPECT_EQ(works_, 1);
    for (const auto& each : landings) EXPECT_EQ(each.answer, 1);
}

TEST_F(single_flight_test, a_later_caller_starts_anew) {
    asio::io_context context(1);
    release();
    landing first, second;
    begin(context, "key", first);
    context.run();
    context.restart();
    begin(context, "key", second);
    context.run();
    EXPECT_EQ(first.answer, 1);
    EXPECT_EQ(second.answer, 2);
}

TEST_F(single_flight_test, other_keys_are_other_flights) {
    asio::io_context context(1);
    landing first, second;
    begin(context, "one", first);
    begin(context, "other", second);
    release();
    context.run();
    EXPECT_EQ(works_, 2);
    EXPECT_NE(first.answer, second.answer);
}

TEST_F(single_flight_test, what_the_work_throws_reaches_all_who_wait_and_ends_the_flight) {
    asio::io_context context(1);
    throws_ = true;
    std::vector<landing> landings(3);
    for (auto& each : landings) begin(context, "key", each);
    release();
    context.run();
    for (const auto& each : landings) EXPECT_EQ(each.thrown, "the work failed");
    EXPECT_EQ(works_, 1);

    throws_ = false;
    landing later;
    context.restart();
    begin(context, "key", later);
    context.run();
    EXPECT_EQ(later.answer, 2);
}

TEST_F(single_flight_test, each_caller_resumes_on_its_own_thread) {
    asio::io_context beginner(1), joiner(1);
    landing first, second;
    begin(beginner, "key", first);
    begin(joiner, "key", second);
    release();
    std::thread one([&] { beginner.run(); });
    std::thread other([&] { joiner.run(); });
    const auto one_id = one.get_id();
    const auto other_id = other.get_id();
    one.join();
    other.join();
    EXPECT_EQ(works_, 1);
    EXPECT_EQ(first.on, one_id);
    EXPECT_EQ(second.on, other_id);
    EXPECT_EQ(second.answer, 1);
}

TEST_F(single_flight_test, loses_no_caller_when_threads_race) {
    release();
    std::vector<landing> landings(400);
    std::vector<task<int>> callers;
    const auto caller = [](task<void> flown) -> task<int> {
        co_await std::move(flown);
        co_return 0;
    };
    for (auto& each : landings) callers.push_back(caller(fly("key", each)));
    test::run_together(std::move(callers), 2);
    for (const auto& each : landings) {
        EXPECT_GE(each.answer, 1);
        EXPECT_LE(each.answer, works_);
    }
}

}  // namespace
}  // namespace userinfo
