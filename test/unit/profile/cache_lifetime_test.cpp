#include "profile/cache_lifetime.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace userinfo {
namespace {

using namespace std::chrono_literals;

TEST(cache_lifetime, is_short_where_no_profile_ever_was) {
    EXPECT_EQ(cache_lifetime_of({.version = 0, .value = {}}), 5s);
}

TEST(cache_lifetime, of_a_profile_or_its_removal_is_spread_between_60_and_90_seconds) {
    auto shortest = std::chrono::microseconds::max(), longest = std::chrono::microseconds::min();
    for (int i = 0; i < 1000; ++i) {
        const auto lifetime = cache_lifetime_of({.version = 1, .value = {}});
        shortest = std::min(shortest, lifetime);
        longest = std::max(longest, lifetime);
    }
    EXPECT_GE(shortest, 60s);
    EXPECT_LE(longest, longest_cache_lifetime);
    EXPECT_GT(longest - shortest, 20s);
}

}  // namespace
}  // namespace userinfo
