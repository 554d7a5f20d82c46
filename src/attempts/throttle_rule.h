// The rule by which failed attempts at an identifier delay the next ones. Accounts are delayed, never locked.
//
// Plain functions without I/O. A store calls `after_failure` inside its transaction, on a row that it has locked.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "base/clock.h"

namespace userinfo {

struct throttle_state {
    std::size_t failures = 0;  // since the last success
    timestamp first_at{};      // of these failures
    timestamp last_at{};
    timestamp blocked_until{};

    // Whether the next attempt has to wait.
    bool is_blocked(timestamp now) const { return blocked_until > now; }

    // A clock that was ahead has left times after `now`. Returns the state as if the last failure had happened at
    // `now`; the delay keeps its length. Returns an equal state if its last failure is not after `now`.
    throttle_state moved_to(timestamp now) const;

    bool operator==(const throttle_state&) const = default;
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

    // The state to store in place of one that blocks for longer than this rule allows at `now`: a clock was ahead, or
    // the rule was stricter. Its delay begins at `now` and is over in time. Returns nothing if the state may stay.
    std::optional<throttle_state> shortened(timestamp now, const throttle_state& state) const;

    // How many attempts may run at once: as many as may fail before a delay, and always one.
    std::size_t most_at_once(const throttle_state& state) const;
};

}  // namespace userinfo
