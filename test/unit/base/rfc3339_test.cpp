#include "base/rfc3339.h"

#include <gtest/gtest.h>

namespace userinfo {
namespace {

using namespace std::chrono_literals;

constexpr timestamp at(std::chrono::sys_days day, std::chrono::microseconds time) { return day + time; }

TEST(rfc3339, is_written_to_the_second) {
    EXPECT_EQ(to_rfc3339(timestamp()), "1970-01-01T00:00:00Z");
    EXPECT_EQ(to_rfc3339(at(2024y / 2 / 29, 23h + 59min + 59s)), "2024-02-29T23:59:59Z");
    EXPECT_EQ(to_rfc3339(at(2026y / 11 / 22, 15h + 59min + 39s + 999'999us)), "2026-11-22T15:59:39Z");
    EXPECT_EQ(to_rfc3339(at(1970y / 1 / 1, -1us)), "1969-12-31T23:59:59Z");
}

TEST(rfc3339, is_written_to_the_microsecond) {
    EXPECT_EQ(to_rfc3339_micros(at(2026y / 11 / 22, 15h + 59min + 39s + 42us)), "2026-11-22T15:59:39.000042Z");
    EXPECT_EQ(to_rfc3339_micros(at(1970y / 1 / 1, -1us)), "1969-12-31T23:59:59.999999Z");
}

}  // namespace
}  // namespace userinfo
