// The rule by which failed attempts delay the next ones. Accounts are delayed, never locked.
//
// Plain functions without I/O. A store calls `after_failure` inside its transaction, on a row that it has locked.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "base/clock.h"

namespace userinfo {

struct throttle_state {
    std::size_t failures = 0;  // since the last success, or within the rule's window
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
    std::chrono::seconds window = std::chrono::seconds(0);  // from the first failure on, all count; 0: until a success

    // How long to wait after so many failures.
    std::chrono::seconds delay_after(std::size_t failures) const;

    // The state without failures that no longer count.
    throttle_state counted_at(timestamp now, const throttle_state& state) const;

    // The state after one more failure.
    throttle_state after_failure(const throttle_state& earlier, timestamp failed_at) const;

    // How long the next attempt still has to wait; zero if it need not.
    std::chrono::microseconds wait_at(timestamp now, const throttle_state& state) const;

    // The state to store in place of one that blocks, or counts, for longer than this rule allows at `now`: a clock was
    // ahead, or the rule was stricter. Its times begin at `now` and are over in time. Returns nothing if the state may
    // stay.
    std::optional<throttle_state> shortened(timestamp now, const throttle_state& state) const;

    // How many attempts may run at once: as many as may fail before a delay, and always one.
    std::size_t most_at_once(const throttle_state& state) const;
};

// Of a known device: ten failures within an hour. After the tenth it counts as unknown for an hour.
inline constexpr throttle_rule known_device_rule{.free_failures = 9,
                                                 .first_delay = std::chrono::hours(1),
                                                 .longest_delay = std::chrono::hours(1),
                                                 .window = std::chrono::hours(1)};

}  // namespace userinfo
