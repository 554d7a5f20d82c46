#include "base/hmac_sha256.h"

#include <sodium.h>

namespace userinfo {

sha256_digest hmac_sha256(std::span<const std::uint8_t> key, std::initializer_list<std::string_view> message) {
    sha256_digest mac;
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.data(), key.size());
    for (const auto part : message) {
        crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(part.data()), part.size());
    }
    crypto_auth_hmacsha256_final(&state, mac.data());
    sodium_memzero(&state, sizeof state);
    return mac;
}

}  // namespace userinfo
