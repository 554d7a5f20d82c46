#include "base/source.h"

#include <gtest/gtest.h>

namespace userinfo {

namespace {

TEST(source, is_an_ipv4_address_itself) {
    EXPECT_EQ(source_of("192.0.2.1"), "192.0.2.1");
    EXPECT_NE(source_of("192.0.2.1"), source_of("192.0.2.2"));
}

TEST(source, is_the_first_64_bits_of_an_ipv6_address) {
    EXPECT_EQ(source_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    EXPECT_EQ(source_of("2001:db8:1:2::1"), source_of("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    EXPECT_NE(source_of("2001:db8:1:2::1"), source_of("2001:db8:1:3::1"));
}

TEST(source, of_anything_else_is_its_text) {
    EXPECT_EQ(source_of(""), "");
    EXPECT_EQ(source_of("unknown"), "unknown");
}

}  // namespace

}  // namespace userinfo
