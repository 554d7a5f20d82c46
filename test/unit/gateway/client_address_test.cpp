#include "gateway/client_address.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/http/messages.h"

namespace userinfo::gateway {
namespace {

using proxies = std::vector<std::string>;

http::request request_from(const char* peer, const std::vector<const char*>& forwarded) {
    http::test::header_list headers;
    for (const auto* value : forwarded) headers.push_back({"X-Forwarded-For", value});
    auto request = http::test::request_with(std::move(headers));
    request.peer_address = peer;
    return request;
}

TEST(client_address, is_the_peer_unless_that_is_a_trusted_proxy) {
    const proxies none;
    const proxies some{"10.0.0.1", "10.1.0.0/16"};
    EXPECT_EQ(client_address(none).of(request_from("127.0.0.1", {"1.2.3.4"})), "127.0.0.1");
    EXPECT_EQ(client_address(none).of(request_from("::1", {})), "::1");
    EXPECT_EQ(client_address(some).of(request_from("10.0.0.2", {"1.2.3.4"})), "10.0.0.2");
    EXPECT_EQ(client_address(some).of(request_from("10.2.0.1", {"1.2.3.4"})), "10.2.0.1");
    EXPECT_EQ(client_address(some).of(request_from("10.0.0.1", {})), "10.0.0.1");
}

TEST(client_address, is_the_rightmost_hop_that_is_no_trusted_proxy) {
    const client_address addresses({"10.0.0.1", "10.1.0.0/16", "2001:db8::/32"});
    struct {
        const char* peer;
        std::vector<const char*> forwarded;
        const char* client;
    } const cases[]{
        {"10.0.0.1", {"1.2.3.4"}, "1.2.3.4"},
        {"10.1.255.1", {"1.2.3.4"}, "1.2.3.4"},
        {"2001:db8::7", {"1.2.3.4"}, "1.2.3.4"},
        {"10.0.0.1", {"1.2.3.4, 10.1.0.9"}, "1.2.3.4"},
        {"10.0.0.1", {"1.2.3.4,10.1.0.9,2001:db8::9"}, "1.2.3.4"},
        // What a client wrote itself stands further left.
        {"10.0.0.1", {"9.9.9.9, 1.2.3.4"}, "1.2.3.4"},
        {"10.0.0.1", {"10.0.0.1, 1.2.3.4"}, "1.2.3.4"},
        {"10.0.0.1", {"nonsense, 1.2.3.4, 10.1.0.9"}, "1.2.3.4"},
        {"10.0.0.1", {"9.9.9.9", "1.2.3.4"}, "1.2.3.4"},
        {"10.0.0.1", {"1.2.3.4", "10.1.0.9"}, "1.2.3.4"},
        {"10.0.0.1", {"9.9.9.9, 1.2.3.4", "10.1.0.9, 10.1.0.8"}, "1.2.3.4"},
        {"10.0.0.1", {"10.1.0.9, 10.1.0.8"}, "10.1.0.9"},
        {"10.0.0.1", {" 1.2.3.4\t"}, "1.2.3.4"},
        {"10.0.0.1", {"2001:DB9:0::1"}, "2001:db9::1"},
        {"10.0.0.1", {"::ffff:1.2.3.4"}, "1.2.3.4"},
        {"10.0.0.1", {"1.2.3.4, ::ffff:10.1.0.9"}, "1.2.3.4"},
    };
    for (const auto& [peer, forwarded, client] : cases) {
        EXPECT_EQ(addresses.of(request_from(peer, forwarded)), client) << peer << " for " << forwarded.back();
    }
}

// As Azure's Application Gateway writes it.
TEST(client_address, is_read_from_a_hop_with_a_port) {
    const client_address addresses({"10.0.0.1", "10.1.0.0/16"});
    const auto client = [&](const char* forwarded) { return addresses.of(request_from("10.0.0.1", {forwarded})); };
    EXPECT_EQ(client("203.0.113.7:5123"), "203.0.113.7");
    EXPECT_EQ(client("[2001:db8::1]:5123"), "2001:db8::1");
    EXPECT_EQ(client("[2001:db8::1]"), "2001:db8::1");
    EXPECT_EQ(client("9.9.9.9, 203.0.113.7:1, 10.1.0.9:65535"), "203.0.113.7");
}

TEST(client_address, does_not_depend_on_empty_elements) {
    const client_address addresses({"10.0.0.1", "10.1.0.0/16"});
    for (const auto* const list : {"203.0.113.7,", ", 203.0.113.7 ,,\t,", ",,203.0.113.7, ,10.1.0.9,"})
        EXPECT_EQ(addresses.of(request_from("10.0.0.1", {list})), "203.0.113.7") << list;
    EXPECT_EQ(addresses.of(request_from("10.0.0.1", {"203.0.113.7", "", ", ,"})), "203.0.113.7");
}

TEST(client_address, counts_without_its_zone) {
    const client_address addresses({"fe80::1", "fe80:1::%eth0/64", "fe80::a%eth1"});
    for (const auto* const proxy : {"fe80::1", "fe80::1%eth0", "fe80:1::7%eth1", "fe80::a%eth2"})
        EXPECT_EQ(addresses.of(request_from(proxy, {"fe80::2%eth0"})), "fe80::2") << proxy;
    EXPECT_EQ(addresses.of(request_from("fe80::1", {"9.9.9.9, fe80::1%eth7"})), "9.9.9.9");
}

TEST(client_address, inside_an_ipv6_address_counts_itself) {
    const client_address addresses({"10.0.0.0/8", "64:ff9b::192.0.2.1"});
    EXPECT_EQ(addresses.of(request_from("64:ff9b::10.1.2.3", {"64:ff9b::203.0.113.7"})), "203.0.113.7");
    EXPECT_EQ(addresses.of(request_from("192.0.2.1", {"::ffff:203.0.113.7"})), "203.0.113.7");
}

TEST(client_address, is_the_last_sure_hop_if_the_next_one_is_none) {
    const client_address addresses({"10.0.0.1", "10.1.0.0/16"});
    for (const auto* garbage : {"", ",", "unknown", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:x", "[1.2.3.4", "[::1]80",
                                "[::1]:", "::1]:80", "1.2.3", "1.2.3.4.5", "\"1.2.3.4\"", "1.2.3.4;", "for=1.2.3.4"}) {
        EXPECT_EQ(addresses.of(request_from("10.0.0.1", {garbage})), "10.0.0.1") << garbage;
    }
    EXPECT_EQ(addresses.of(request_from("10.0.0.1", {"1.2.3.4, _hidden, 10.1.0.9"})), "10.1.0.9");
}

TEST(client_address, believes_whoever_may_open_a_unix_socket) {
    const client_address none({});
    EXPECT_EQ(none.of(request_from("unix:", {"9.9.9.9, 1.2.3.4"})), "1.2.3.4");
    EXPECT_EQ(none.of(request_from("unix:", {"9.9.9.9", "::ffff:1.2.3.4"})), "1.2.3.4");
    const client_address some({"10.0.0.1"});
    EXPECT_EQ(some.of(request_from("unix:", {"9.9.9.9, 1.2.3.4, 10.0.0.1"})), "1.2.3.4");
}

TEST(client_address, is_the_unix_socket_if_that_names_no_client) {
    const client_address addresses({});
    EXPECT_EQ(addresses.of(request_from("unix:", {})), "unix:");
    EXPECT_EQ(addresses.of(request_from("unix:", {"1.2.3.4, unix:"})), "unix:");
    EXPECT_EQ(addresses.of(request_from("unix:", {", "})), "unix:");
}

TEST(client_address, lets_nobody_without_an_address_pass_for_a_unix_socket) {
    EXPECT_EQ(client_address({}).of(request_from("", {"1.2.3.4"})), "");
    EXPECT_EQ(client_address({"10.0.0.1"}).of(request_from("10.0.0.1", {"9.9.9.9, unix:"})), "10.0.0.1");
}

}  // namespace
}  // namespace userinfo::gateway
