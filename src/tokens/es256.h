// ES256 (RFC 7518 section 3.4): ECDSA over P-256 with SHA-256, on OpenSSL's EVP interface with keys loaded once.
// Debian's JWT library parses the PEM text at each verification, which costs seven times the signature check itself.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/evp.h>

namespace userinfo {

struct evp_pkey_deleter {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

// Thread-safe once made; copies share the key. Functions that fail for want of memory or a broken OpenSSL throw
// std::runtime_error.
class es256_key {
public:
    // A new pair.
    static es256_key generate();

    // From `private_der`. Throws std::runtime_error if it is no P-256 key.
    static es256_key from_private_der(std::string_view der);

    // PKCS #8, in the clear: to be sealed, and wiped by the caller.
    std::string private_der() const;

    // 64 bytes: r and s.
    std::string sign(std::string_view message) const;
    bool verify(std::string_view message, std::string_view signature) const;

    // The coordinates as base64url, for a JWK (RFC 7518 section 6.2.1).
    const std::string& x() const { return x_; }
    const std::string& y() const { return y_; }

    // The JWK thumbprint (RFC 7638): the key's own name.
    std::string thumbprint() const;

private:
    explicit es256_key(EVP_PKEY* key);

    std::shared_ptr<EVP_PKEY> key_;
    std::string x_, y_;
};

}  // namespace userinfo
