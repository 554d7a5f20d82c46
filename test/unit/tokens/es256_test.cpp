#include "tokens/es256.h"

#include <stdexcept>

#include <gtest/gtest.h>
#include <openssl/x509.h>
#include <sodium.h>

#include "base/base64.h"

namespace userinfo {
namespace {

using namespace std::string_literals;

// RFC 7515 appendix A.3.
constexpr std::string_view rfc_x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
constexpr std::string_view rfc_y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
constexpr std::string_view rfc_d = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";
constexpr std::string_view rfc_message =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
constexpr std::string_view rfc_signature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

// An ECPrivateKey (RFC 5915) with its public part.
es256_key rfc_key() {
    const auto der = "\x30\x77\x02\x01\x01\x04\x20"s + *from_base64url(rfc_d) +
                     "\xa0\x0a\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\xa1\x44\x03\x42\x00\x04"s +
                     *from_base64url(rfc_x) + *from_base64url(rfc_y);
    return es256_key::from_private_der(der);
}

std::string private_der_of(const char* algorithm, const char* group) {
    EVP_PKEY* raw = group == nullptr ? EVP_PKEY_Q_keygen(nullptr, nullptr, algorithm)
                                     : EVP_PKEY_Q_keygen(nullptr, nullptr, algorithm, group);
    const std::unique_ptr<EVP_PKEY, evp_pkey_deleter> key(raw);
    unsigned char* der = nullptr;
    const int size = i2d_PrivateKey(key.get(), &der);
    std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return text;
}

TEST(es256, verifies_the_example_of_rfc_7515) {
    const auto key = rfc_key();
    EXPECT_EQ(key.x(), rfc_x);
    EXPECT_EQ(key.y(), rfc_y);
    EXPECT_TRUE(key.verify(rfc_message, *from_base64url(rfc_signature)));
}

TEST(es256, verifies_what_it_signed) {
    const auto key = es256_key::generate();
    for (const auto& message : {""s, "a"s, std::string(5000, 'm'), "\0\0"s}) {
        const auto signature = key.sign(message);
        EXPECT_EQ(signature.size(), 64u);
        EXPECT_TRUE(key.verify(message, signature));
    }
}

TEST(es256, many_signatures_are_all_64_bytes) {
    const auto key = es256_key::generate();
    // One in 128 has a number with a leading zero byte, which DER leaves out.
    for (int i = 0; i < 600; ++i) {
        const auto message = std::to_string(i);
        const auto signature = key.sign(message);
        ASSERT_EQ(signature.size(), 64u);
        ASSERT_TRUE(key.verify(message, signature));
    }
}

TEST(es256, refuses_another_message_or_key) {
    const auto key = es256_key::generate();
    const auto signature = key.sign("message");
    EXPECT_FALSE(key.verify("messagf", signature));
    EXPECT_FALSE(key.verify("message ", signature));
    EXPECT_FALSE(key.verify("", signature));
    EXPECT_FALSE(es256_key::generate().verify("message", signature));
}

TEST(es256, refuses_a_signature_with_any_bit_changed) {
    const auto key = es256_key::generate();
    const auto signature = key.sign("message");
    for (std::size_t i = 0; i < signature.size(); ++i) {
        auto damaged = signature;
        damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
        EXPECT_FALSE(key.verify("message", damaged)) << i;
    }
}

TEST(es256, refuses_signatures_of_another_form) {
    const auto key = es256_key::generate();
    const auto signature = key.sign("message");
    EXPECT_FALSE(key.verify("message", ""));
    EXPECT_FALSE(key.verify("message", signature.substr(0, 63)));
    EXPECT_FALSE(key.verify("message", signature + '\0'));
    EXPECT_FALSE(key.verify("message", signature + signature));
    EXPECT_FALSE(key.verify("message", std::string(64, '\0')));  // CVE-2022-21449
    EXPECT_FALSE(key.verify("message", std::string(64, '\xff')));
    EXPECT_FALSE(key.verify("message", signature.substr(32) + signature.substr(0, 32)));
}

TEST(es256, is_the_same_key_after_a_round_trip_through_der) {
    const auto key = es256_key::generate();
    const auto again = es256_key::from_private_der(key.private_der());
    EXPECT_EQ(again.thumbprint(), key.thumbprint());
    EXPECT_TRUE(key.verify("message", again.sign("message")));
    EXPECT_TRUE(again.verify("message", key.sign("message")));
    EXPECT_NE(es256_key::generate().thumbprint(), key.thumbprint());
}

TEST(es256, takes_only_p_256_keys) {
    EXPECT_NO_THROW(es256_key::from_private_der(private_der_of("EC", "P-256")));
    EXPECT_THROW(es256_key::from_private_der(private_der_of("EC", "P-384")), std::runtime_error);
    EXPECT_THROW(es256_key::from_private_der(private_der_of("EC", "secp256k1")), std::runtime_error);
    EXPECT_THROW(es256_key::from_private_der(private_der_of("ED25519", nullptr)), std::runtime_error);
    EXPECT_THROW(es256_key::from_private_der(""), std::runtime_error);
    EXPECT_THROW(es256_key::from_private_der("no key"), std::runtime_error);
    const auto der = es256_key::generate().private_der();
    EXPECT_THROW(es256_key::from_private_der(der.substr(0, der.size() - 40)), std::runtime_error);
}

TEST(es256, its_thumbprint_is_the_sha_256_of_the_canonical_jwk) {
    const auto canonical =
        R"({"crv":"P-256","kty":"EC","x":")" + std::string(rfc_x) + R"(","y":")" + std::string(rfc_y) + R"("})";
    std::string digest(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                       reinterpret_cast<const unsigned char*>(canonical.data()), canonical.size());
    EXPECT_EQ(rfc_key().thumbprint(), to_base64url(digest));
    EXPECT_EQ(rfc_key().thumbprint(), "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
}

}  // namespace
}  // namespace userinfo
