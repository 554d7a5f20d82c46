// ES256 signatures (RFC 7518 section 3.4): ECDSA over P-256 with SHA-256. Keys are loaded once through OpenSSL's EVP
// interface. Debian's JWT library parses PEM text for every verification, which costs seven times the signature check.
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

// Thread-safe after construction. Copies share the key. Functions throw std::runtime_error if OpenSSL fails or memory
// runs out.
class es256_key {
public:
    // Generates a new key pair.
    static es256_key generate();

    // Loads the output of `private_der`. Throws std::runtime_error if it is not a P-256 key.
    static es256_key from_private_der(std::string_view der);

    // The private key in PKCS #8, unencrypted. The caller must seal it and wipe it.
    std::string private_der() const;

    // A signature has 64 bytes: r and s.
    std::string sign(std::string_view message) const;
    bool verify(std::string_view message, std::string_view signature) const;

    // The coordinates in base64url, for a JWK (RFC 7518 section 6.2.1).
    const std::string& x() const { return x_; }
    const std::string& y() const { return y_; }

    // The JWK thumbprint (RFC 7638), which serves as the key's id.
    std::string thumbprint() const;

private:
    explicit es256_key(EVP_PKEY* key);

    std::shared_ptr<EVP_PKEY> key_;
    std::string x_, y_;
};

}  // namespace userinfo
