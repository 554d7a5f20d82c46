// Lets something through at most once in a while, such as a log line about what happens with each request.
#pragma once

#include <atomic>
#include <chrono>

namespace userinfo {

// Thread-safe.
class now_and_then {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit now_and_then(std::chrono::steady_clock::duration interval) : interval_(interval) {}

    // Whether it is the first call, or the last one that returned true was at least the interval ago.
    bool is_time(time_point now) {
        auto next = next_.load();
        return now >= next && next_.compare_exchange_strong(next, now + interval_);
    }

private:
    const std::chrono::steady_clock::duration interval_;
    std::atomic<time_point> next_{time_point::min()};
};

}  // namespace userinfo
