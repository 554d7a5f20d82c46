#include "programs/setting_values.h"

#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace userinfo::programs {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

// What the operator is told.
template <class Read>
std::string complaint(Read read) {
    try {
        read();
        return "(none)";
    } catch (const std::invalid_argument& why) {
        return why.what();
    }
}

TEST(setting_values, know_true_and_false) {
    EXPECT_TRUE(read_flag("true"));
    EXPECT_FALSE(read_flag("false"));
    for (const auto* text : {"", "True", "TRUE", "yes", "on", "1", "0", "true ", "falsee"}) {
        EXPECT_EQ(complaint([&] { read_flag(text); }), "'" + std::string(text) + "' is not true or false");
    }
}

TEST(setting_values, read_whole_numbers_within_their_limits) {
    EXPECT_EQ(read_number("5", 5, 10), 5U);
    EXPECT_EQ(read_number("10", 5, 10), 10U);
    EXPECT_EQ(read_number("007", 5, 10), 7U);
    EXPECT_EQ(read_number("18446744073709551615", 0, SIZE_MAX), SIZE_MAX);
    for (const auto* text :
         {"", "4", "11", "-6", "+6", " 6", "6 ", "6.0", "6k", "0x6", "six", "18446744073709551616"}) {
        EXPECT_EQ(complaint([&] { read_number(text, 5, 10); }),
                  "'" + std::string(text) + "' is not a whole number from 5 to 10");
    }
}

TEST(setting_values, read_durations_in_every_unit) {
    struct {
        const char* text;
        std::chrono::milliseconds duration;
    } const cases[]{{"250ms", 250ms},  {"30s", 30s}, {"15m", 15min}, {"12h", 12h},
                    {"14d", days(14)}, {"0s", 0s},   {"0ms", 0ms},   {"1000000000ms", 1'000'000s}};
    for (const auto& [text, duration] : cases) EXPECT_EQ(read_duration(text, 0ms, days(365)), duration) << text;
}

TEST(setting_values, read_durations_within_their_limits) {
    EXPECT_EQ(read_duration("1s", 1s, 24h), 1s);
    EXPECT_EQ(read_duration("1d", 1s, 24h), 24h);
    EXPECT_EQ(read_duration("86400000ms", 1s, 24h), 24h);
    for (const auto* text : {"", "s", "30", "30 s", " 30s", "30s ", "30S", "30sec", "1.5h", "-30s", "+30s", "999ms",
                             "25h", "1441m", "1d1h", "1000000001ms", "9223372036854775807d", "99999999999999999999s"}) {
        EXPECT_EQ(complaint([&] { read_duration(text, 1s, 24h); }),
                  "'" + std::string(text) + "' is not a duration from 1s to 1d, such as 250ms, 30s, 15m, 12h or 14d");
    }
}

TEST(setting_values, read_lists) {
    using list = std::vector<std::string>;
    EXPECT_EQ(read_list(""), list());
    EXPECT_EQ(read_list(" , ,"), list());
    EXPECT_EQ(read_list("a"), list{"a"});
    EXPECT_EQ(read_list("a,b"), (list{"a", "b"}));
    EXPECT_EQ(read_list(" a , b c ,"), (list{"a", "b c"}));
}

}  // namespace
}  // namespace userinfo::programs
