#include "base/hex.h"

#include <array>
#include <cstdint>

#include <gtest/gtest.h>

namespace userinfo {
namespace {

TEST(hex, writes_each_byte_as_two_digits) {
    EXPECT_EQ(to_hex(std::string("\x00\x1f\xff", 3)), "001fff");
    EXPECT_EQ(to_hex(std::array<std::uint8_t, 3>{0, 31, 255}), "001fff");
    EXPECT_EQ(to_hex(""), "");
}

TEST(hex, reads_digits_of_either_case) {
    for (const auto* digits : {"001fff", "001FFF", "001fFf"})
        EXPECT_EQ(from_hex(digits), std::string("\x00\x1f\xff", 3));
}

TEST(hex, reads_nothing_else) {
    for (const auto* wrong : {"0", "0g", "-1", "+1", " 1", "0x11", "1 ", "g0", ":0", "0@", "/0", "0G", "0`"})
        EXPECT_EQ(from_hex(wrong), std::nullopt);
}

}  // namespace
}  // namespace userinfo
