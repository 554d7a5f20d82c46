#include "h2/header_text.h"

#include <gtest/gtest.h>

namespace userinfo::h2 {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using std::chrono::nanoseconds;

TEST(timeout_text, has_the_finest_unit_that_eight_digits_can_count) {
    EXPECT_EQ(timeout_text(1ns), "1n");
    EXPECT_EQ(timeout_text(99'999'999ns), "99999999n");
    EXPECT_EQ(timeout_text(100'000'000ns), "100000u");
    EXPECT_EQ(timeout_text(10s), "10000000u");
    EXPECT_EQ(timeout_text(100s), "100000m");
    EXPECT_EQ(timeout_text(100'000s), "100000S");
    EXPECT_EQ(timeout_text(100'000'000s), "1666666M");
    EXPECT_EQ(timeout_text(nanoseconds::max()), "2562047H");
}

TEST(timeout_text, is_the_shortest_there_is_if_the_time_is_over) {
    EXPECT_EQ(timeout_text(0ns), "1n");
    EXPECT_EQ(timeout_text(-5s), "1n");
    EXPECT_EQ(timeout_text(nanoseconds::min()), "1n");
}

TEST(parse_timeout, knows_all_units) {
    EXPECT_EQ(parse_timeout("7n"), 7ns);
    EXPECT_EQ(parse_timeout("7u"), 7us);
    EXPECT_EQ(parse_timeout("7m"), 7ms);
    EXPECT_EQ(parse_timeout("7S"), 7s);
    EXPECT_EQ(parse_timeout("7M"), 7min);
    EXPECT_EQ(parse_timeout("7H"), 7h);
    EXPECT_EQ(parse_timeout("0n"), 0ns);
    EXPECT_EQ(parse_timeout("00000007S"), 7s);
    EXPECT_EQ(parse_timeout("99999999S"), 99'999'999s);
}

TEST(parse_timeout, reads_what_timeout_text_writes) {
    for (const nanoseconds time : {nanoseconds(1), nanoseconds(12'345'678), nanoseconds(250ms), nanoseconds(30s),
                                   nanoseconds(24h), nanoseconds(2'000'000h)})
        EXPECT_EQ(parse_timeout(timeout_text(time)), time);
}

TEST(parse_timeout, takes_more_than_can_be_counted_as_the_longest) {
    EXPECT_EQ(parse_timeout("99999999H"), nanoseconds::max());
    EXPECT_EQ(parse_timeout("2562048H"), nanoseconds::max());
    EXPECT_EQ(parse_timeout("2562047H"), 2'562'047h);
}

TEST(parse_timeout, refuses_what_is_none) {
    for (const auto* const text :
         {"", "S", "5", "5s", "5h", "-5S", "+5S", " 5S", "5 S", "5S ", "0x5S", "5.0S", "100000000n", "SS", "5SS"})
        EXPECT_FALSE(parse_timeout(text)) << text;
}

TEST(percent_encoding, leaves_printable_ascii_but_the_sign_itself) {
    EXPECT_EQ(percent_encoded("It is not there: ~!"), "It is not there: ~!");
    EXPECT_EQ(percent_encoded("100%"), "100%25");
    EXPECT_EQ(percent_encoded("\xc3\xa9\n\x7f\0"s), "%C3%A9%0A%7F%00");
    EXPECT_EQ(percent_encoded(""), "");
}

TEST(percent_encoding, comes_back) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    EXPECT_EQ(percent_decoded(percent_encoded(all)), all);
    EXPECT_EQ(percent_decoded("%c3%A9"), "\xc3\xa9");
}

TEST(percent_encoding, leaves_what_is_no_encoding) {
    for (const auto* const text : {"%", "%4", "a%", "%zz", "%4z", "%z4", "%-1", "%+1", "% 1", "%0x"})
        EXPECT_EQ(percent_decoded(text), text);
    EXPECT_EQ(percent_decoded("%%41"), "%A");
    EXPECT_EQ(percent_decoded("%zz%41"), "%zzA");
}

TEST(binary_value, is_read_with_or_without_padding) {
    for (const auto* const text : {"Yf8", "Yf8="}) EXPECT_EQ(binary_value(text), "a\xff");
    for (const auto* const text : {"YQ", "YQ=="}) EXPECT_EQ(binary_value(text), "a");
    EXPECT_EQ(binary_value("YWJj"), "abc");
    EXPECT_EQ(binary_value(""), "");
    EXPECT_EQ(binary_value("+/+/"), "\xfb\xff\xbf");
}

TEST(binary_value, is_nothing_if_it_is_not_base64) {
    for (const auto* const text : {"Y", "YWJjZ", "Y Q", "Y=Q", "-_-_", "YR", "Y\xc3\xa9", "YQ\n"})
        EXPECT_FALSE(binary_value(text)) << text;
}

}  // namespace
}  // namespace userinfo::h2
