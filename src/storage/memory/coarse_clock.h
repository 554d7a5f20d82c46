// A clock for lifetimes: cheap to ask (5 ns), exact to some milliseconds, and never set back.
#pragma once

#include "base/clock.h"

namespace userinfo::memory {

// The system's time of day when it was made, and from then on what passed.
class coarse_clock final : public clock {
public:
    coarse_clock();

    timestamp now() const override;

private:
    std::chrono::microseconds offset_;
};

}  // namespace userinfo::memory
