// The rule by which failed attempts at an identifier delay the next ones. Accounts are delayed, never locked.
//
// Plain functions without I/O. A store calls `after_failure` inside its transaction, on a row that it has locked.
#pragma once

#include <chrono>
#include <cstddef>

#include "base/clock.h"

namespace userinfo {

struct throttle_state {
    std::size_t failures = 0;  // since the last success
    timestamp blocked_until{};

    // Whether the next attempt has to wait.
    bool is_blocked(timestamp now) const { return blocked_until > now; }
};

struct throttle_rule {
    std::size_t free_failures = 5;
    std::chrono::seconds first_delay = std::chrono::seconds(1);  // doubles with each failure, up to
    std::chrono::seconds longest_delay = std::chrono::hours(1);

    // How long to wait after so many failures.
    std::chrono::seconds delay_after(std::size_t failures) const;

    // The state after one more failure.
    throttle_state after_failure(const throttle_state& before, timestamp failed_at) const;

    // How long the next attempt still has to wait; zero if it need not.
    std::chrono::microseconds wait_at(timestamp now, const throttle_state& state) const;

    // How many attempts may run at once: as many as may fail before a delay, and always one.
    std::size_t most_at_once(const throttle_state& state) const;
};

}  // namespace userinfo
