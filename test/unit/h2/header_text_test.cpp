#include "h2/header_text.h"

#include <gtest/gtest.h>

namespace userinfo::h2 {
namespace {

using namespace std::chrono_literals;

TEST(header_text, a_timeout_is_written_as_exactly_as_eight_digits_allow) {
    EXPECT_EQ(timeout_text(1ns), "1n");
    EXPECT_EQ(timeout_text(99'999'999ns), "99999999n");
    EXPECT_EQ(timeout_text(100ms), "100000u");
    EXPECT_EQ(timeout_text(30s), "30000000u");
    EXPECT_EQ(timeout_text(100s), "100000m");
    EXPECT_EQ(timeout_text(std::chrono::nanoseconds::max()), "2562047H");
}

TEST(header_text, a_timeout_that_is_over_is_the_shortest) {
    EXPECT_EQ(timeout_text(0ns), "1n");
    EXPECT_EQ(timeout_text(-5s), "1n");
}

TEST(header_text, a_timeout_is_read_in_every_unit) {
    EXPECT_EQ(parse_timeout("7n"), 7ns);
    EXPECT_EQ(parse_timeout("7u"), 7us);
    EXPECT_EQ(parse_timeout("7m"), 7ms);
    EXPECT_EQ(parse_timeout("7S"), 7s);
    EXPECT_EQ(parse_timeout("7M"), 7min);
    EXPECT_EQ(parse_timeout("7H"), 7h);
}

TEST(header_text, a_timeout_beyond_counting_is_the_longest) {
    EXPECT_EQ(parse_timeout("99999999H"), std::chrono::nanoseconds::max());
}

TEST(header_text, what_is_no_timeout_is_none) {
    for (const auto* const text : {"", "S", "7", "7s", "7SS", "-7S", "+7S", " 7S", "7.5S", "123456789S", "0x7S"})
        EXPECT_EQ(parse_timeout(text), std::nullopt) << text;
}

TEST(header_text, a_message_comes_back_whatever_is_in_it) {
    const std::string message = "100 % \xc3\xa4\n\x01~ \x7f";
    EXPECT_EQ(percent_encoded(message), "100 %25 %C3%A4%0A%01~ %7F");
    EXPECT_EQ(percent_decoded(percent_encoded(message)), message);
}

TEST(header_text, what_is_no_encoding_stays_as_it_is) {
    for (const auto* const text : {"%", "%4", "%zz", "%-1", "a%", "%4g"}) EXPECT_EQ(percent_decoded(text), text);
    EXPECT_EQ(percent_decoded("%41%4"), "A%4");
}

TEST(header_text, bytes_come_back_with_and_without_padding) {
    EXPECT_EQ(base64_encoded("\xff\xfe"), "//4");
    EXPECT_EQ(base64_decoded("//4"), "\xff\xfe");
    EXPECT_EQ(base64_decoded("//4="), "\xff\xfe");
    EXPECT_EQ(base64_encoded(""), "");
    EXPECT_EQ(base64_decoded(""), "");
    EXPECT_EQ(base64_decoded("not base64!"), std::nullopt);
    EXPECT_EQ(base64_decoded("A"), std::nullopt);
}

}  // namespace
}  // namespace userinfo::h2
