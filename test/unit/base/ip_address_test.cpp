#include "base/ip_address.h"

#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>

namespace userinfo {
namespace {

// How `text` is spelled; empty: it is no address.
std::string spelled(std::string_view text) {
    const auto address = ip_address::parse(text);
    return address ? address->to_string() : "";
}

TEST(ip_address, has_one_spelling) {
    EXPECT_EQ(spelled("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(spelled("2001:DB8:0::0:1"), "2001:db8::1");
    EXPECT_EQ(spelled("::"), "::");
    EXPECT_EQ(spelled("2001:0db8:1111:2222:3333:4444:255.255.255.255"), "2001:db8:1111:2222:3333:4444:ffff:ffff");
}

TEST(ip_address, inside_another_one_counts_itself) {
    EXPECT_EQ(spelled("::ffff:192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(spelled("::FFFF:c000:201"), "192.0.2.1");
    EXPECT_EQ(spelled("64:ff9b::192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(spelled("64:ff9b:0:0::c000:201"), "192.0.2.1");
}

TEST(ip_address, of_a_neighbouring_prefix_is_an_ipv6_address) {
    for (const auto* const text : {"::fffe:c000:201", "0:0:0:0:1:ffff:c000:201", "64:ff9b:1::c000:201",
                                   "64:ff9a::c000:201", "64:ff9b::1:c000:201", "64:ff9b:0:0:1::1"})
        EXPECT_FALSE(ip_address::parse(text).value().is_v4()) << text;
}

TEST(ip_address, has_no_zone) {
    EXPECT_EQ(spelled("fe80::1%eth0"), "fe80::1");
    EXPECT_EQ(spelled("fe80::1%3"), "fe80::1");
    EXPECT_EQ(spelled("::ffff:192.0.2.1%eth0"), "192.0.2.1");
    EXPECT_EQ(ip_address::parse("fe80::1%eth0"), ip_address::parse("fe80::1%eth1"));
}

TEST(ip_address, is_not_any_other_text) {
    using namespace std::string_view_literals;
    for (const auto text :
         {""sv,          "unknown"sv,    "unix:"sv,        "1.2.3"sv,
          "1.2.3.4.5"sv, "1.2.3.256"sv,  "01.2.3.4"sv,     " 1.2.3.4"sv,
          "1.2.3.4 "sv,  "1.2.3.4:80"sv, "1.2.3.4%eth0"sv, "[::1]"sv,
          "::1%"sv,      "%eth0"sv,      ":::1"sv,         "1:2:3:4:5:6:7:8:9"sv,
          "g::"sv,       "1.2.3.4\0"sv,  "::1\0x"sv,       "2001:0db8:1111:2222:3333:4444:255.255.255.2555"sv})
        EXPECT_FALSE(ip_address::parse(text)) << text;
}

TEST(ip_address, comes_from_a_socket) {
    in_addr v4{};
    ASSERT_EQ(inet_pton(AF_INET, "192.0.2.1", &v4), 1);
    EXPECT_EQ(ip_address::of(v4), ip_address::parse("192.0.2.1"));
    in6_addr v6{};
    ASSERT_EQ(inet_pton(AF_INET6, "64:ff9b::192.0.2.1", &v6), 1);
    EXPECT_EQ(ip_address::of(v6), ip_address::of(v4));
    ASSERT_EQ(inet_pton(AF_INET6, "2001:db8::1", &v6), 1);
    EXPECT_EQ(ip_address::of(v6), ip_address::parse("2001:db8::1"));
}

TEST(ip_address, has_prefixes) {
    struct {
        const char* address;
        unsigned bits;
        const char* prefix;
    } const cases[]{
        {"2001:db8:1:2:3:4:5:6", 128, "2001:db8:1:2:3:4:5:6"},
        {"2001:db8:1:2:3:4:5:6", 64, "2001:db8:1:2::"},
        {"2001:db8:1:2ff:3::", 56, "2001:db8:1:200::"},
        {"2001:db8:1:2ff:3::", 48, "2001:db8:1::"},
        {"ffff:ffff::", 17, "ffff:8000::"},
        {"2001:db8::1", 127, "2001:db8::"},
        {"2001:db8::1", 0, "::"},
        {"203.0.113.7", 32, "203.0.113.7"},
        {"203.0.113.7", 24, "203.0.113.0"},
        {"203.0.113.255", 31, "203.0.113.254"},
        {"203.0.113.7", 1, "128.0.0.0"},
        {"203.0.113.7", 0, "0.0.0.0"},
    };
    for (const auto& [address, bits, prefix] : cases)
        EXPECT_EQ(ip_address::parse(address).value().prefix(bits).to_string(), prefix) << address << '/' << bits;
}

TEST(ip_address, knows_its_width) {
    EXPECT_EQ(ip_address::parse("64:ff9b::1.2.3.4").value().width(), 32U);
    EXPECT_EQ(ip_address::parse("2001:db8::1").value().width(), 128U);
}

}  // namespace
}  // namespace userinfo
