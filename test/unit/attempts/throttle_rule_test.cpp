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

TEST(throttle_rule, as_many_run_at_once_as_may_still_fail_and_always_one) {
    const std::vector<std::size_t> expected{3, 2, 1, 1, 1, 1};
    for (std::size_t failures = 0; failures < expected.size(); ++failures) {
        EXPECT_EQ(rule.most_at_once({.failures = failures}), expected[failures]) << failures;
    }
}

}  // namespace
}  // namespace userinfo
