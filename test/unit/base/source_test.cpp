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

using networks = std::array<std::string, 3>;

TEST(source, belongs_to_an_ipv4_network_of_256_addresses) {
    EXPECT_EQ(networks_of("192.0.2.1"), (networks{"192.0.2.0", "192.0.2.1", "192.0.2.1"}));
    EXPECT_EQ(networks_of("192.0.2.1")[0], networks_of("192.0.2.255")[0]);
    EXPECT_NE(networks_of("192.0.2.1")[0], networks_of("192.0.3.1")[0]);
    EXPECT_EQ(networks_of("64:ff9b::192.0.2.1"), networks_of("192.0.2.1"));
}

TEST(source, belongs_to_an_ipv6_48_and_56) {
    EXPECT_EQ(networks_of("2001:db8:1:2345:6::7"),
              (networks{"2001:db8:1::", "2001:db8:1:2300::", "2001:db8:1:2345::"}));
    EXPECT_EQ(networks_of("2001:db8:1:ffff::1")[0], networks_of("2001:db8:1::1")[0]);
    EXPECT_NE(networks_of("2001:db8:2::1")[0], networks_of("2001:db8:1::1")[0]);
    EXPECT_EQ(networks_of("2001:db8:1:ff::1")[1], networks_of("2001:db8:1::1")[1]);
    EXPECT_NE(networks_of("2001:db8:1:100::1")[1], networks_of("2001:db8:1::1")[1]);
}

TEST(source, is_the_narrowest_of_its_networks) {
    for (const auto* address : {"192.0.2.1", "2001:db8:1:2:3:4:5:6", "::1", "", "unknown"}) {
        EXPECT_EQ(networks_of(address).back(), source_of(address));
    }
}

TEST(source, of_anything_else_is_in_no_network) {
    EXPECT_EQ(networks_of(""), (networks{"", "", ""}));
    EXPECT_EQ(networks_of("unknown"), (networks{"unknown", "unknown", "unknown"}));
}

}  // namespace

}  // namespace userinfo
