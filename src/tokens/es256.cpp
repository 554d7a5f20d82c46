#include "tokens/es256.h"

#include <array>
#include <stdexcept>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/x509.h>

#include "base/base64.h"
#include "base/sha256.h"

namespace userinfo {

namespace {

constexpr std::size_t coordinate_size = 32;

void check(bool went_well, const char* what) {
    if (!went_well) throw std::runtime_error(std::string("OpenSSL: ") + what + " failed");
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

template <auto Free>
struct freed_by {
    void operator()(auto* pointer) const { Free(pointer); }
};

using bignum = std::unique_ptr<BIGNUM, freed_by<BN_free>>;
using digest_context = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;
using ecdsa_signature = std::unique_ptr<ECDSA_SIG, freed_by<ECDSA_SIG_free>>;

std::string coordinate(const EVP_PKEY* key, const char* parameter) {
    BIGNUM* raw = nullptr;
    check(EVP_PKEY_get_bn_param(key, parameter, &raw) == 1, "EVP_PKEY_get_bn_param");
    const bignum number(raw);
    std::array<unsigned char, coordinate_size> bytes;
    check(BN_bn2binpad(number.get(), bytes.data(), bytes.size()) == coordinate_size, "BN_bn2binpad");
    return to_base64url(bytes);
}

// OpenSSL uses DER, JWS the two numbers side by side.
std::string der_to_raw(std::string_view der) {
    const unsigned char* next = bytes_of(der);
    const ecdsa_signature signature(d2i_ECDSA_SIG(nullptr, &next, static_cast<long>(der.size())));
    check(signature != nullptr, "d2i_ECDSA_SIG");
    std::string raw(2 * coordinate_size, '\0');
    auto* out = reinterpret_cast<unsigned char*>(raw.data());
    check(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, coordinate_size) == coordinate_size, "BN_bn2binpad");
    check(BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + coordinate_size, coordinate_size) == coordinate_size,
          "BN_bn2binpad");
    return raw;
}

std::string raw_to_der(std::string_view raw) {
    const ecdsa_signature signature(ECDSA_SIG_new());
    check(signature != nullptr, "ECDSA_SIG_new");
    BIGNUM* r = BN_bin2bn(bytes_of(raw), coordinate_size, nullptr);
    BIGNUM* s = BN_bin2bn(bytes_of(raw) + coordinate_size, coordinate_size, nullptr);
    check(ECDSA_SIG_set0(signature.get(), r, s) == 1, "ECDSA_SIG_set0");
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    check(size > 0, "i2d_ECDSA_SIG");
    std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return text;
}

}  // namespace

es256_key::es256_key(EVP_PKEY* key)
    : key_(key, evp_pkey_deleter()),
      x_(coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X)),
      y_(coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y)) {}

es256_key es256_key::generate() {
    EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    check(key != nullptr, "EVP_PKEY_Q_keygen");
    return es256_key(key);
}

es256_key es256_key::from_private_der(std::string_view der) {
    const unsigned char* next = bytes_of(der);
    std::unique_ptr<EVP_PKEY, evp_pkey_deleter> key(d2i_AutoPrivateKey(nullptr, &next, static_cast<long>(der.size())));
    check(key != nullptr, "d2i_AutoPrivateKey");
    std::array<char, 32> group{};
    const bool named = EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), nullptr) == 1;
    if (!named || std::string_view(group.data()) != "prime256v1") throw std::runtime_error("not a P-256 key");
    return es256_key(key.release());
}

std::string es256_key::private_der() const {
    const std::unique_ptr<PKCS8_PRIV_KEY_INFO, freed_by<PKCS8_PRIV_KEY_INFO_free>> info(EVP_PKEY2PKCS8(key_.get()));
    check(info != nullptr, "EVP_PKEY2PKCS8");
    unsigned char* der = nullptr;
    const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
    check(size > 0, "i2d_PKCS8_PRIV_KEY_INFO");
    std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_clear_free(der, static_cast<std::size_t>(size));
    return text;
}

std::string es256_key::sign(std::string_view message) const {
    const digest_context context(EVP_MD_CTX_new());
    check(context != nullptr, "EVP_MD_CTX_new");
    check(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1, "EVP_DigestSignInit");
    std::array<unsigned char, 80> der;
    std::size_t size = der.size();
    check(EVP_DigestSign(context.get(), der.data(), &size, bytes_of(message), message.size()) == 1, "EVP_DigestSign");
    return der_to_raw({reinterpret_cast<const char*>(der.data()), size});
}

bool es256_key::verify(std::string_view message, std::string_view signature) const {
    if (signature.size() != 2 * coordinate_size) return false;
    const digest_context context(EVP_MD_CTX_new());
    check(context != nullptr, "EVP_MD_CTX_new");
    check(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1, "EVP_DigestVerifyInit");
    const auto der = raw_to_der(signature);
    return EVP_DigestVerify(context.get(), bytes_of(der), der.size(), bytes_of(message), message.size()) == 1;
}

std::string es256_key::thumbprint() const {
    const auto digest = sha256(R"({"crv":"P-256","kty":"EC","x":")" + x_ + R"(","y":")" + y_ + R"("})");
    return to_base64url(digest);
}

}  // namespace userinfo
