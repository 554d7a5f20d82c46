// A clock that the test sets and advances.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace userinfo::test {

class manual_clock final : public clock {
public:
    explicit manual_clock(timestamp start = timestamp(std::chrono::sys_days(std::chrono::year(2030) / 1 / 1)))
        : micros_(start.time_since_epoch().count()) {}

    timestamp now() const override { return timestamp(std::chrono::microseconds(micros_)); }

    void advance(std::chrono::microseconds by) { micros_ += by.count(); }
    void set(timestamp to) { micros_ = to.time_since_epoch().count(); }

private:
    std::atomic<std::int64_t> micros_;
};

}  // namespace userinfo::test
