#include "base/now_and_then.h"

#include <gtest/gtest.h>

namespace userinfo {
namespace {

using namespace std::chrono_literals;

TEST(now_and_then, lets_the_first_through_and_the_next_after_the_interval) {
    const now_and_then::time_point begin(-100s);
    now_and_then line(60s);
    EXPECT_TRUE(line.is_time(begin));
    EXPECT_FALSE(line.is_time(begin));
    EXPECT_FALSE(line.is_time(begin + 60s - 1ns));
    EXPECT_TRUE(line.is_time(begin + 60s));
    EXPECT_FALSE(line.is_time(begin + 119s));
}

}  // namespace
}  // namespace userinfo
