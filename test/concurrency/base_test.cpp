// What all folders share: merged calls, the pool for blocking work, the log and the figures.
#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <map>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/blocking_pool.h"
#include "base/log_writer.h"
#include "base/metrics.h"
#include "base/single_flight.h"
#include "support/run_task.h"
#include "support/scratch_folder.h"
#include "support/threads.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using test::run;
using test::run_threads;
using test::run_together;

// Calls for five keys, whose work changes threads, so that others come meanwhile.
class counted_flights {
public:
    task<int> ask(int key) {
        return flights_.run(key, [this, key] { return fly(key); });
    }

    // Of one key at once.
    int most() const { return most_; }

private:
    task<int> fly(int key) {
        auto& flying = flying_[static_cast<std::size_t>(key)];
        const int now = ++flying;
        if (now > most_) most_ = now;
        const auto answer = co_await pool_.run(std::chrono::steady_clock::now() + 1min, [key] { return key * 7; });
        --flying;
        co_return answer.value();
    }

    single_flight<int, int> flights_;
    blocking_pool pool_{{.name = "test", .threads = 2, .queue_limit = 10'000}};
    std::array<std::atomic<int>, 5> flying_{};
    std::atomic<int> most_ = 0;
};

TEST(single_flight, never_has_two_flights_of_one_key_and_answers_each_caller_with_its_own_key) {
    counted_flights flights;
    std::vector<task<int>> calls;
    for (int i = 0; i < 1000; ++i) calls.push_back(flights.ask(i % 5));
    const auto answers = run_together(std::move(calls));
    for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i], static_cast<int>(i % 5) * 7);
    EXPECT_EQ(flights.most(), 1);
}

// Whether the pool took the job.
task<bool> run_and_count(blocking_pool& pool, std::atomic<int>& ran) {
    const auto here = std::this_thread::get_id();
    const auto done = co_await pool.run(std::chrono::steady_clock::now() + 1min, [&ran] { return ++ran; });
    EXPECT_EQ(std::this_thread::get_id(), here);
    if (!done) EXPECT_EQ(done.error().code, errc::overloaded);
    co_return done.has_value();
}

TEST(blocking_pool, runs_each_job_once_and_resumes_on_the_callers_own_thread) {
    blocking_pool pool({.name = "test", .threads = 3, .queue_limit = 2});
    std::atomic<int> ran = 0, refused = 0;
    run_threads(8, [&](std::size_t) {
        for (int i = 0; i < 200; ++i) {
            if (!run(run_and_count(pool, ran))) ++refused;
            const auto load = pool.current_load();
            ASSERT_LE(load.waiting, 2u);
            ASSERT_LE(load.running, 3u);
        }
    });
    EXPECT_EQ(ran + refused, 1600);
}

TEST(log_writer, loses_and_tears_no_line_of_any_thread) {
    const test::scratch_folder folder;
    const auto file = folder / "log";
    const int descriptor = ::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    ASSERT_GE(descriptor, 0);
    {
        log_writer writer(descriptor);
        run_threads(4, [&](std::size_t thread) {
            for (int i = 0; i < 2000; ++i) {
                writer.append(std::to_string(thread) + ' ' + std::to_string(i), i % 100 == 0);
                static_cast<void>(writer.lost());
            }
        });
        EXPECT_EQ(writer.lost(), 0u);
    }
    ::close(descriptor);

    std::ifstream lines(file);
    std::map<int, int> next;  // of each thread: its lines stay in their order
    int thread = 0, number = 0, count = 0;
    for (; lines >> thread >> number; ++count) ASSERT_EQ(next[thread]++, number);
    EXPECT_EQ(count, 8000);
}

TEST(metrics, count_everything_while_they_are_read) {
    metrics figures;
    figures.gauge("userinfo_test", "a gauge", [] { return 1.0; });
    std::atomic<bool> done = false;
    std::jthread reader([&] {
        while (!done) EXPECT_TRUE(figures.text().contains("userinfo_test 1"));
    });
    run_threads(4, [&](std::size_t thread) {
        const auto label = std::to_string(thread % 2);
        for (int i = 0; i < 1000; ++i) {
            figures.counter("userinfo_test_total", "a counter", {{"of", label}}).add();
            figures.latency("userinfo_test_seconds", "a latency").observe(1ms);
        }
    });
    done = true;
    reader.join();
    const auto text = figures.text();
    EXPECT_TRUE(text.contains("userinfo_test_total{of=\"0\"} 2000")) << text;
    EXPECT_TRUE(text.contains("userinfo_test_total{of=\"1\"} 2000")) << text;
    EXPECT_TRUE(text.contains("userinfo_test_seconds_count 4000")) << text;
}

}  // namespace
}  // namespace userinfo
