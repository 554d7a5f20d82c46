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

TEST(source, is_the_ipv4_address_inside_an_ipv6_one) {
    EXPECT_EQ(source_of("::ffff:192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(source_of("64:ff9b::192.0.2.1"), "192.0.2.1");
    EXPECT_NE(source_of("64:ff9b::192.0.2.1"), source_of("64:ff9b::192.0.2.2"));
}

TEST(source, does_not_depend_on_a_zone) {
    EXPECT_EQ(source_of("fe80::1%eth0"), "fe80::");
    EXPECT_EQ(source_of("fe80::1%eth0"), source_of("fe80::2%eth1"));
}

TEST(source, of_anything_else_is_its_text) {
    EXPECT_EQ(source_of(""), "");
    EXPECT_EQ(source_of("unknown"), "unknown");
}

}  // namespace

}  // namespace userinfo
