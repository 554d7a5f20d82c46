#include "device/device_seal.h"

#include <gtest/gtest.h>

#include "base/base64.h"

namespace userinfo {
namespace {

internal_key::secret secret_of(std::uint8_t byte) {
    internal_key::secret secret;
    secret.fill(byte);
    return secret;
}

class device_seal_test : public testing::Test {
protected:
    device_seal_test() { key_.set(secret_of(1)); }

    static device_proofs some_proofs(std::size_t count) {
        device_proofs proofs;
        for (std::size_t i = 0; i < count; ++i) {
            proofs.push_back(
                {.account = uuid::random(), .device = uuid::random(), .generation = 0xfedc'ba98'7654'3210 + i});
        }
        return proofs;
    }

    internal_key key_;
    const device_seal seal_{key_};
};

TEST_F(device_seal_test, gives_back_what_it_has_sealed) {
    for (std::size_t count = 0; count <= devices_per_client; ++count) {
        const auto proofs = some_proofs(count);
        EXPECT_EQ(seal_.unseal(seal_.seal(proofs)), proofs);
    }
}

TEST_F(device_seal_test, fits_into_a_cookie_and_says_nothing) {
    const auto proofs = some_proofs(devices_per_client);
    const auto text = seal_.seal(proofs);
    EXPECT_EQ(text.size(), 322U);
    EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), text.npos);
    EXPECT_EQ(from_base64url(text)->find(proofs[0].account.view()), std::string::npos);
    EXPECT_NE(seal_.seal(proofs), text) << "nobody sees that it is the same";
}

TEST_F(device_seal_test, takes_no_text_of_others) {
    internal_key other;
    other.set(secret_of(2));
    const auto proofs = some_proofs(2);
    EXPECT_TRUE(device_seal(other).unseal(seal_.seal(proofs)).empty());
    for (const std::string_view text : {"", "x", "****", "AAAA"}) EXPECT_TRUE(seal_.unseal(text).empty()) << text;
    EXPECT_TRUE(seal_.unseal(std::string(100'000, 'A')).empty());
}

TEST_F(device_seal_test, takes_no_text_that_was_changed) {
    const auto text = seal_.seal(some_proofs(1));
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto changed = text;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_TRUE(seal_.unseal(changed).empty()) << i;
        EXPECT_TRUE(seal_.unseal(text.substr(0, i)).empty()) << i;
    }
    EXPECT_TRUE(seal_.unseal(text + "A").empty());
}

TEST_F(device_seal_test, takes_nothing_that_the_key_sealed_for_another_use) {
    EXPECT_TRUE(seal_.unseal(to_base64url(key_.seal("another use", std::string("\1", 1)))).empty());
}

TEST_F(device_seal_test, takes_no_other_form) {
    const auto sealed = [&](std::string bytes) { return to_base64url(key_.seal("devices of a client", bytes)); };
    EXPECT_EQ(seal_.unseal(sealed('\1' + std::string(40, 'x'))).size(), 1U);
    EXPECT_TRUE(seal_.unseal(sealed('\2' + std::string(40, 'x'))).empty()) << "another version";
    EXPECT_TRUE(seal_.unseal(sealed('\1' + std::string(41, 'x'))).empty());
    EXPECT_TRUE(seal_.unseal(sealed("")).empty());
}

}  // namespace
}  // namespace userinfo
