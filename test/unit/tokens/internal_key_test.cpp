#include "tokens/internal_key.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "base/hex.h"

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

// Worked out with another implementation: HMAC-SHA-256 of the message under the HMAC-SHA-256 of the use. What is in the
// databases depends on it.
TEST_F(internal_key_test, gives_the_same_mac_for_the_same_message_in_every_version) {
    const auto mac = key_.mac("use", "message");
    EXPECT_EQ(to_hex({reinterpret_cast<const char*>(mac.data()), mac.size()}),
              "d1a3b4a46850edc470af3abac48363ea092bbd53d432e60f7bb0a88cc261358b");
    EXPECT_EQ(key_.mac("use", "message"), mac);
}

TEST_F(internal_key_test, tells_messages_apart) { EXPECT_NE(key_.mac("use", "message"), key_.mac("use", "other")); }

TEST_F(internal_key_test, tells_uses_apart) { EXPECT_NE(key_.mac("use", "message"), key_.mac("other", "message")); }

TEST_F(internal_key_test, tells_secrets_apart) {
    internal_key other;
    other.set(secret_of(2));
    EXPECT_NE(key_.mac("use", "message"), other.mac("use", "message"));
}

TEST_F(internal_key_test, opens_what_it_has_sealed_for_that_use_alone) {
    const auto sealed = key_.seal("use", "secret");
    EXPECT_EQ(key_.unseal("use", sealed), "secret");
    EXPECT_EQ(key_.unseal("other", sealed), std::nullopt);
    EXPECT_EQ(key_.unseal("use", sealed.substr(1)), std::nullopt);
    EXPECT_EQ(sealed.find("secret"), std::string::npos);
    EXPECT_NE(key_.seal("use", "secret"), sealed);
    internal_key other;
    other.set(secret_of(2));
    EXPECT_EQ(other.unseal("use", sealed), std::nullopt);
}

TEST(internal_key_without_secret, refuses) { EXPECT_THROW(internal_key().mac("use", "message"), std::logic_error); }

}  // namespace

}  // namespace userinfo
