#include "programs/time_value.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "base/rfc3339.h"

namespace userinfo::programs {
namespace {

using namespace std::chrono_literals;

constexpr timestamp now = std::chrono::sys_days(2026y / 11 / 22) + 12h;

timestamp read(std::string_view text) { return read_time(text, now); }

TEST(time_value, reads_a_time_in_utc_or_with_an_offset) {
    EXPECT_EQ(read("2026-11-22T12:00:00Z"), now);
    EXPECT_EQ(read("2026-11-22t12:00:00z"), now);
    EXPECT_EQ(read("2026-11-22T13:30:00+01:30"), now);
    EXPECT_EQ(read("2026-11-21T23:00:00-13:00"), now);
}

TEST(time_value, reads_fractions_to_the_microsecond) {
    EXPECT_EQ(read("2026-11-22T12:00:00.5Z"), now + 500ms);
    EXPECT_EQ(read("2026-11-22T12:00:00.000001Z"), now + 1us);
    EXPECT_EQ(read("2026-11-22T12:00:00.0000019Z"), now + 1us);
}

TEST(time_value, reads_a_duration_back_from_now) {
    EXPECT_EQ(read("24h"), now - 24h);
    EXPECT_EQ(read("0s"), now);
}

TEST(time_value, refuses_what_is_neither) {
    for (const auto* wrong :
         {"", "yesterday", "2026-11-22", "2026-11-22T12:00:00", "2026-11-22 12:00:00Z", "2026-02-30T12:00:00Z",
          "2026-11-22T24:00:00Z", "2026-11-22T12:00:00.Z", "2026-11-22T12:00:00Zz", "2026-11-22T12:00:00+0100",
          "2026-11-22T12:00:00+24:00", "-24h", "24", "4000d", "2026-00-10T12:00:00Z"}) {
        EXPECT_THROW(read(wrong), std::invalid_argument) << wrong;
    }
}

TEST(time_value, reads_what_the_audit_trail_writes) { EXPECT_EQ(read(to_rfc3339_micros(now + 42us)), now + 42us); }

}  // namespace
}  // namespace userinfo::programs
