#include "storage/memory/memory_source_limits.h"

#include <gtest/gtest.h>

#include "support/manual_clock.h"
#include "support/run_task.h"

namespace userinfo::memory {

namespace {

using namespace std::chrono_literals;

TEST(memory_source_limits, a_clock_that_was_set_back_blocks_nobody) {
    test::manual_clock clock;
    memory_source_limits limits({.checks = {.per_minute = 60, .burst = 2}}, 100, clock);
    for (int i = 0; i < 2; ++i) EXPECT_FALSE(test::run(limits.take(source_action::check_password, "a")));
    clock.advance(-24h);
    EXPECT_FALSE(test::run(limits.take(source_action::check_password, "a")));
}

TEST(memory_source_limits, forgets_sources_rather_than_grow) {
    test::manual_clock clock;
    memory_source_limits limits({.checks = {.per_minute = 1, .burst = 1}}, 16, clock);
    EXPECT_FALSE(test::run(limits.take(source_action::check_password, "first")));
    EXPECT_TRUE(test::run(limits.take(source_action::check_password, "first")));
    for (int i = 0; i < 1000; ++i) {
        EXPECT_FALSE(test::run(limits.take(source_action::check_password, std::to_string(i))));
    }
    EXPECT_FALSE(test::run(limits.take(source_action::check_password, "first")));
}

}  // namespace

}  // namespace userinfo::memory
