// A cheap, monotonic clock for cache lifetimes: 5 ns per call, accurate to some milliseconds.
#pragma once

#include "base/clock.h"

namespace userinfo::memory {

// Starts at the system time of its construction, then counts the time that has passed.
class coarse_clock final : public clock {
public:
    coarse_clock();

    timestamp now() const override;

private:
    std::chrono::microseconds offset_;
};

}  // namespace userinfo::memory
