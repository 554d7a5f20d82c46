#include "attempts/throttle_rule.h"

#include <algorithm>

namespace userinfo {

std::chrono::seconds throttle_rule::delay_after(std::size_t failures) const {
    if (failures <= free_failures) return std::chrono::seconds(0);
    auto delay = first_delay;
    for (auto more = failures - free_failures - 1; more > 0 && delay < longest_delay; --more) delay *= 2;
    return std::min(delay, longest_delay);
}

throttle_state throttle_rule::after_failure(const throttle_state& before, timestamp failed_at) const {
    const auto failures = before.failures + 1;
    return {.failures = failures, .blocked_until = failed_at + delay_after(failures)};
}

std::chrono::microseconds throttle_rule::wait_at(timestamp now, const throttle_state& state) const {
    if (!state.is_blocked(now)) return std::chrono::microseconds(0);
    // If a clock was set back, nobody waits longer than the rule's delay.
    return std::min<std::chrono::microseconds>(state.blocked_until - now, delay_after(state.failures));
}

std::size_t throttle_rule::most_at_once(const throttle_state& state) const {
    return std::max<std::size_t>(1, free_failures - std::min(free_failures, state.failures));
}

}  // namespace userinfo
