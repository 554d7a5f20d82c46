#include "tokens/internal_key.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace userinfo {

namespace {

internal_key::secret secret_of(std::uint8_t byte) {
    internal_key::secret secret;
    secret.fill(byte);
    return secret;
}

class internal_key_test : public testing::Test {
protected:
    internal_key_test() { key_.set(secret_of(1)); }

    internal_key key_;
};

TEST_F(internal_key_test, gives_the_same_mac_for_the_same_message) {
    EXPECT_EQ(key_.mac("use", "message"), key_.mac("use", "message"));
}

TEST_F(internal_key_test, tells_messages_apart) { EXPECT_NE(key_.mac("use", "message"), key_.mac("use", "other")); }

TEST_F(internal_key_test, tells_uses_apart) { EXPECT_NE(key_.mac("use", "message"), key_.mac("other", "message")); }

TEST_F(internal_key_test, tells_secrets_apart) {
    internal_key other;
    other.set(secret_of(2));
    EXPECT_NE(key_.mac("use", "message"), other.mac("use", "message"));
}

TEST(internal_key_without_secret, refuses) { EXPECT_THROW(internal_key().mac("use", "message"), std::logic_error); }

}  // namespace

}  // namespace userinfo
