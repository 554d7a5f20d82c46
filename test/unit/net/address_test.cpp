#include "net/address.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace userinfo::net {
namespace {

TEST(address, is_read_and_written_the_same) {
    for (const auto text : {"127.0.0.1:8080", "0.0.0.0:0", "[::1]:8080", "[::]:65535", "[2001:db8::7]:80",
                            "unix:/run/userinfo/gateway.sock", "unix:/a b"})
        EXPECT_EQ(address::parse(text).to_string(), text);
}

TEST(address, takes_localhost_for_the_loopback_address_of_ipv4) {
    EXPECT_EQ(address::parse("localhost:80"), (address{.host = "127.0.0.1", .port = 80}));
}

TEST(address, refuses_what_is_not_an_address_and_a_port) {
    for (const auto text :
         {"", ":", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:80x",
          "127.0.0.1: 80", "example.org:80", "::1:80", "[::1]", "[::1]80", "[127.0.0.1]:80", "[]:80", "256.0.0.1:80"})
        EXPECT_THROW(address::parse(text), std::invalid_argument) << text;
}

TEST(address, tells_the_operator_what_was_wrong) {
    try {
        address::parse("example.org:80");
        FAIL();
    } catch (const std::invalid_argument& error) {
        EXPECT_STREQ(error.what(),
                     "'example.org:80' is not an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080");
    }
}

TEST(address, takes_a_unix_socket_by_its_absolute_path) {
    const auto address = address::parse("unix:/run/a.sock");
    EXPECT_TRUE(address.is_unix());
    EXPECT_EQ(address.path, "/run/a.sock");
    EXPECT_FALSE(address.is_loopback());
    EXPECT_FALSE(address.is_unspecified());
    EXPECT_FALSE(address::parse("127.0.0.1:80").is_unix());
    for (const auto text : {"unix:", "unix:a.sock", "unix:./a", "unix:/", "unix:/run/", "unix:@a", "unix:/a\nb"})
        EXPECT_THROW(address::parse(text), std::invalid_argument) << text;
}

TEST(address, tells_the_operator_how_long_a_path_may_be) {
    const auto longest = "unix:/" + std::string(106, 'x');
    EXPECT_EQ(address::parse(longest).to_string(), longest);
    try {
        address::parse(longest + "x");
        FAIL();
    } catch (const std::invalid_argument& error) {
        EXPECT_EQ(std::string(error.what()), "'" + longest +
                                                 "x' is not an absolute path of at most 107 bytes, such as "
                                                 "unix:/run/userinfo/gateway.sock");
    }
}

TEST(address, knows_those_that_stand_for_all) {
    EXPECT_TRUE(address::parse("0.0.0.0:1").is_unspecified());
    EXPECT_TRUE(address::parse("[::]:1").is_unspecified());
    EXPECT_FALSE(address::parse("127.0.0.1:1").is_unspecified());
    EXPECT_FALSE(address::parse("[::1]:1").is_unspecified());
}

TEST(address, knows_the_loopback_addresses) {
    EXPECT_TRUE(address::parse("127.0.0.1:1").is_loopback());
    EXPECT_TRUE(address::parse("127.8.9.1:1").is_loopback());
    EXPECT_TRUE(address::parse("[::1]:1").is_loopback());
    EXPECT_FALSE(address::parse("0.0.0.0:1").is_loopback());
    EXPECT_FALSE(address::parse("128.0.0.1:1").is_loopback());
    EXPECT_FALSE(address::parse("[::]:1").is_loopback());
}

}  // namespace
}  // namespace userinfo::net
