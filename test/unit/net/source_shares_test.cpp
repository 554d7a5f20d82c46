#include "net/source_shares.h"

#include <gtest/gtest.h>

#include "base/source.h"

namespace userinfo::net {
namespace {

connection_source source(const char* address) { return userinfo::source_of(*ip_address::parse(address)); }

TEST(source_shares, give_each_source_no_more_than_its_share) {
    source_shares shares(2);
    const auto first = shares.add(source("192.0.2.1"));
    ASSERT_TRUE(first);
    EXPECT_TRUE(shares.add(source("192.0.2.1")));
    EXPECT_FALSE(shares.add(source("192.0.2.1")));
    EXPECT_TRUE(shares.add(source("192.0.2.2")));
    EXPECT_TRUE(shares.add(std::nullopt));
    shares.remove(*first);
    EXPECT_TRUE(shares.add(source("192.0.2.1")));
    EXPECT_FALSE(shares.add(source("192.0.2.1")));
}

TEST(source_shares, take_an_ipv6_subscriber_for_one_source) {
    source_shares shares(1);
    EXPECT_TRUE(shares.add(source("2001:db8::1")));
    EXPECT_FALSE(shares.add(source("2001:db8::ffff:1")));
    EXPECT_TRUE(shares.add(source("2001:db8:0:1::1")));
    EXPECT_TRUE(shares.add(source("::ffff:192.0.2.1")));
    EXPECT_FALSE(shares.add(source("192.0.2.1")));
}

TEST(source_shares, forget_a_source_that_has_no_connection_any_more) {
    source_shares shares(2);
    const auto first = shares.add(source("192.0.2.1"));
    const auto second = shares.add(source("192.0.2.1"));
    const auto other = shares.add(source("192.0.2.2"));
    EXPECT_EQ(shares.sources(), 2U);
    shares.remove(*first);
    EXPECT_EQ(shares.sources(), 2U);
    shares.remove(*second);
    EXPECT_EQ(shares.sources(), 1U);
    shares.remove(*other);
    EXPECT_EQ(shares.sources(), 0U);
}

}  // namespace
}  // namespace userinfo::net
