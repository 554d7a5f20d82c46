#include "base/ip_networks.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace userinfo {
namespace {

TEST(ip_networks, knows_networks_of_both_families) {
    struct {
        const char *network, *address;
        bool contained;
    } const cases[]{
        {"127.0.0.1", "127.0.0.1", true},
        {"127.0.0.1", "127.0.0.2", false},
        {"127.0.0.1", "::ffff:127.0.0.1", true},
        {"::ffff:127.0.0.1", "127.0.0.1", true},
        {"127.0.0.1/32", "127.0.0.1", true},
        {"10.1.2.3/8", "10.255.0.0", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"10.0.0.0/8", "::ffff:10.1.2.3", true},
        {"192.168.128.0/17", "192.168.127.255", false},
        {"192.168.128.0/17", "192.168.128.0", true},
        {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"::/0", "2001:db8::1", true},
        {"::/0", "203.0.113.9", false},
        {"::1", "::1", true},
        {"::1", "::2", false},
        {"2001:db8::/32", "2001:db8:ffff::1", true},
        {"2001:db8::/32", "2001:db9::1", false},
        {"2001:db8::/127", "2001:db8::1", true},
        {"2001:db8::/127", "2001:db8::2", false},
    };
    for (const auto& [network, address, contained] : cases)
        EXPECT_EQ(ip_networks({network}).contains(*ip_address::parse(address)), contained) << network << ' ' << address;
}

// Why no list takes this entry. Empty if one takes it.
std::string refusal_of(const char* entry) {
    try {
        const ip_networks taken({"127.0.0.1", entry});
        return "";
    } catch (const std::invalid_argument& why) {
        return why.what();
    }
}

TEST(ip_networks, refuses_and_names_an_entry_that_is_no_address) {
    for (const auto* text : {"", "localhost", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
                             "10.0.0.0/ 8", "10.0.0.0/0008", "::/129", "[::1]", "10.0.0.1:80", "10.0.0.0/255.0.0.0",
                             "/8", "*", "fe80::%/64", "10.0.0.1%eth0"}) {
        EXPECT_EQ(refusal_of(text), "'" + std::string(text) + "' is not an IP address or network");
    }
}

TEST(ip_networks, says_how_to_write_a_network_of_ipv4_addresses_in_ipv6_form) {
    for (const auto* text : {"::ffff:10.0.0.0/104", "64:ff9b::/96"}) {
        EXPECT_EQ(refusal_of(text),
                  "'" + std::string(text) + "' stands for IPv4 addresses: write them as an IPv4 network");
    }
}

}  // namespace
}  // namespace userinfo
