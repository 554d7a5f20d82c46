#include "base/hex.h"

#include <gtest/gtest.h>

namespace userinfo {
namespace {

TEST(hex, writes_each_byte_as_two_digits) {
    EXPECT_EQ(to_hex(std::string("\x00\x1f\xff", 3)), "001fff");
    EXPECT_EQ(to_hex(""), "");
}

TEST(hex, reads_what_it_writes) { EXPECT_EQ(from_hex("001fff"), std::string("\x00\x1f\xff", 3)); }

TEST(hex, reads_nothing_else) {
    for (const auto* wrong : {"0", "0g", "-1", "+1", " 1", "0x11", "1 "}) EXPECT_EQ(from_hex(wrong), std::nullopt);
}

}  // namespace
}  // namespace userinfo
