#include "attempts/throttle_rule.h"

#include <gtest/gtest.h>

namespace userinfo {
namespace {

using namespace std::chrono_literals;

constexpr timestamp now{std::chrono::sys_days(std::chrono::year(2030) / 1 / 1)};
constexpr throttle_rule rule{.free_failures = 3, .first_delay = 10s, .longest_delay = 60s};

TEST(throttle_rule, some_failures_are_free_and_then_the_delay_doubles_up_to_the_longest) {
    const std::vector expected{0s, 0s, 0s, 0s, 10s, 20s, 40s, 60s, 60s};
    for (std::size_t failures = 0; failures < expected.size(); ++failures) {
        EXPECT_EQ(rule.delay_after(failures), expected[failures]) << failures;
    }
    EXPECT_EQ(rule.delay_after(1'000'000'000'000), 60s);
}

TEST(throttle_rule, no_delay_is_longer_than_the_longest) {
    constexpr throttle_rule short_rule{.free_failures = 0, .first_delay = 10s, .longest_delay = 4s};
    EXPECT_EQ(short_rule.delay_after(1), 4s);
}

TEST(throttle_rule, a_failure_counts_and_blocks_from_its_own_time_on) {
    throttle_state state;
    for (const auto delay : {0s, 0s, 0s, 10s, 20s}) {
        const auto failures = state.failures;
        state = rule.after_failure(state, now);
        EXPECT_EQ(state.failures, failures + 1);
        EXPECT_EQ(state.blocked_until, now + delay);
        EXPECT_EQ(state.is_blocked(now), delay > 0s);
    }
}

TEST(throttle_rule, an_attempt_waits_until_the_delay_is_over) {
    const throttle_state state{.failures = 4, .blocked_until = now + 10s};
    EXPECT_EQ(rule.wait_at(now, state), 10s);
    EXPECT_EQ(rule.wait_at(now + 10s - 1us, state), 1us);
    EXPECT_EQ(rule.wait_at(now + 10s, state), 0us);
    EXPECT_EQ(rule.wait_at(now + 1h, state), 0us);
    EXPECT_FALSE(state.is_blocked(now + 10s));
}

TEST(throttle_rule, an_unknown_identifier_does_not_wait) {
    EXPECT_EQ(rule.wait_at(now, {}), 0us);
    EXPECT_FALSE(throttle_state().is_blocked(now));
}

TEST(throttle_rule, a_clock_that_was_set_back_makes_nobody_wait_longer_than_the_rule) {
    EXPECT_EQ(rule.wait_at(now - 24h, {.failures = 5, .blocked_until = now + 20s}), 20s);
    EXPECT_EQ(rule.wait_at(now - 24h, {.failures = 3, .blocked_until = now}), 0us);
}

TEST(throttle_rule, a_block_that_is_longer_than_the_rule_is_shortened_to_begin_now) {
    const throttle_state ahead{
        .failures = 5, .first_at = now - 1h, .last_at = now + 1h, .blocked_until = now + 1h + 20s};
    EXPECT_EQ(rule.shortened(now, ahead),
              (throttle_state{.failures = 5, .first_at = now - 1h, .last_at = now, .blocked_until = now + 20s}));
    EXPECT_EQ(rule.shortened(now + 1us, {.failures = 5, .last_at = now, .blocked_until = now + 20s}), std::nullopt);
    EXPECT_EQ(rule.shortened(now, {.failures = 5, .last_at = now, .blocked_until = now + 20s}), std::nullopt);
    EXPECT_TRUE(rule.shortened(now - 1us, {.failures = 5, .last_at = now, .blocked_until = now + 20s}));
    EXPECT_EQ(rule.shortened(now, {}), std::nullopt);
}

TEST(throttle_rule, a_block_of_a_stricter_rule_is_shortened) {
    const throttle_state stricter{.failures = 4, .first_at = now, .last_at = now, .blocked_until = now + 1h};
    EXPECT_EQ(rule.shortened(now + 1s, stricter)->blocked_until, now + 11s);
    EXPECT_EQ(rule.shortened(now + 1s, stricter)->last_at, now);
    EXPECT_EQ(rule.shortened(now, {.failures = 3, .blocked_until = now + 1h}), std::nullopt)
        << "free failures block nobody";
}

TEST(throttle_state, that_lies_ahead_is_moved_and_keeps_its_delay) {
    const throttle_state ahead{
        .failures = 4, .first_at = now + 50min, .last_at = now + 1h, .blocked_until = now + 1h + 10s};
    EXPECT_EQ(ahead.moved_to(now),
              (throttle_state{.failures = 4, .first_at = now, .last_at = now, .blocked_until = now + 10s}));
    EXPECT_EQ(ahead.moved_to(now + 1h), ahead);
    EXPECT_EQ(ahead.moved_to(now + 2h), ahead);
}

TEST(throttle_rule, the_times_of_the_first_and_the_last_failure_are_kept) {
    const auto one = rule.after_failure({}, now);
    EXPECT_EQ(one.first_at, now);
    const auto two = rule.after_failure(one, now + 1h);
    EXPECT_EQ(two.first_at, now);
    EXPECT_EQ(two.last_at, now + 1h);
    EXPECT_EQ(rule.after_failure(two, now - 1h).first_at, now - 1h) << "a clock was set back";
}

TEST(throttle_rule, failures_count_within_the_window_of_the_first) {
    constexpr throttle_rule windowed{.free_failures = 2, .first_delay = 1h, .longest_delay = 1h, .window = 1h};
    auto state = windowed.after_failure({}, now);
    state = windowed.after_failure(state, now + 59min);
    EXPECT_EQ(state.failures, 2U);
    EXPECT_EQ(windowed.counted_at(now + 1h - 1us, state), state);
    EXPECT_EQ(windowed.counted_at(now + 1h, state), throttle_state());
    const auto later = windowed.after_failure(state, now + 1h);
    EXPECT_EQ(later.failures, 1U);
    EXPECT_EQ(later.first_at, now + 1h);
    EXPECT_EQ(rule.counted_at(now + 24h * 365, state), state) << "without a window, until a success";
}

TEST(throttle_rule, a_delay_outlasts_the_window) {
    constexpr throttle_rule windowed{.free_failures = 1, .first_delay = 1h, .longest_delay = 1h, .window = 1h};
    auto state = windowed.after_failure({}, now);
    state = windowed.after_failure(state, now + 30min);
    EXPECT_EQ(windowed.counted_at(now + 1h, state), state);
    EXPECT_EQ(windowed.wait_at(now + 1h, state), 30min);
    EXPECT_EQ(windowed.counted_at(now + 90min, state), throttle_state());
}

TEST(throttle_rule, a_window_that_lies_ahead_is_shortened) {
    constexpr throttle_rule windowed{.free_failures = 9, .first_delay = 1h, .longest_delay = 1h, .window = 1h};
    const throttle_state ahead{.failures = 3, .first_at = now + 1h, .last_at = now + 2h, .blocked_until = now + 2h};
    EXPECT_EQ(windowed.shortened(now, ahead),
              (throttle_state{.failures = 3, .first_at = now, .last_at = now, .blocked_until = now}));
    EXPECT_EQ(rule.shortened(now, ahead), std::nullopt) << "without a window nothing depends on it";
}

TEST(throttle_rule, a_known_device_has_ten_failures_and_counts_as_unknown_for_an_hour) {
    throttle_state state;
    for (int i = 0; i < 9; ++i) state = known_device_rule.after_failure(state, now);
    EXPECT_EQ(known_device_rule.wait_at(now, state), 0us);
    state = known_device_rule.after_failure(state, now + 1min);
    EXPECT_EQ(known_device_rule.wait_at(now + 1min, state), 1h);
}

TEST(throttle_rule, as_many_run_at_once_as_may_still_fail_and_always_one) {
    const std::vector<std::size_t> expected{3, 2, 1, 1, 1, 1};
    for (std::size_t failures = 0; failures < expected.size(); ++failures) {
        EXPECT_EQ(rule.most_at_once({.failures = failures}), expected[failures]) << failures;
    }
}

}  // namespace
}  // namespace userinfo
