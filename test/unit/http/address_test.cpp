#include "http/address.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace userinfo::http {
namespace {

TEST(address, is_read_and_written_the_same) {
    for (const auto text : {"127.0.0.1:8080", "0.0.0.0:0", "[::1]:8080", "[::]:65535", "[2001:db8::7]:80"})
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
}  // namespace userinfo::http
