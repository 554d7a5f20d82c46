#include "attempts/throttle_rule.h"

#include <algorithm>

namespace userinfo {

throttle_state throttle_state::moved_to(timestamp now) const {
    if (last_at <= now) return *this;
    return {.failures = failures,
            .first_at = std::min(first_at, now),
            .last_at = now,
            .blocked_until = blocked_until - (last_at - now)};
}

std::chrono::seconds throttle_rule::delay_after(std::size_t failures) const {
    if (failures <= free_failures) return std::chrono::seconds(0);
    auto delay = first_delay;
    for (auto more = failures - free_failures - 1; more > 0 && delay < longest_delay; --more) delay *= 2;
    return std::min(delay, longest_delay);
}

throttle_state throttle_rule::counted_at(timestamp now, const throttle_state& state) const {
    const bool over = window.count() > 0 && now - state.first_at >= window && !state.is_blocked(now);
    return over ? throttle_state() : state;
}

throttle_state throttle_rule::after_failure(const throttle_state& earlier, timestamp failed_at) const {
    const auto before = counted_at(failed_at, earlier);
    const auto failures = before.failures + 1;
    const auto first_at = before.failures == 0 ? failed_at : std::min(before.first_at, failed_at);
    return {.failures = failures,
            .first_at = first_at,
            .last_at = failed_at,
            .blocked_until = failed_at + delay_after(failures)};
}

std::chrono::microseconds throttle_rule::wait_at(timestamp now, const throttle_state& state) const {
    if (!state.is_blocked(now)) return std::chrono::microseconds(0);
    return std::min<std::chrono::microseconds>(state.blocked_until - now, delay_after(state.failures));
}

std::optional<throttle_state> throttle_rule::shortened(timestamp now, const throttle_state& state) const {
    const auto delay = delay_after(state.failures);
    const bool blocks_too_long = delay.count() > 0 && state.blocked_until > now + delay;
    const bool counts_too_long = window.count() > 0 && state.first_at > now;
    if (!blocks_too_long && !counts_too_long) return std::nullopt;
    auto next = state.moved_to(now);
    next.blocked_until = std::min(next.blocked_until, now + delay);
    return next;
}

std::size_t throttle_rule::most_at_once(const throttle_state& state) const {
    return std::max<std::size_t>(1, free_failures - std::min(free_failures, state.failures));
}

}  // namespace userinfo
