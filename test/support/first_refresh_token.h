// Refresh tokens of version 1, as former programs issued them.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/base64.h"
#include "base/hmac_sha256.h"
#include "tokens/refresh_token.h"

namespace userinfo::test {

inline std::string first_refresh_token(const refresh_key& key, const uuid& session, std::uint64_t generation,
                                       const std::array<std::uint8_t, 16>& nonce) {
    std::string bytes(1, 1);
    bytes += session.view();
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(generation >> shift & 0xff);
    const auto mac = hmac_sha256(key.secret, {bytes, {reinterpret_cast<const char*>(nonce.data()), nonce.size()}});
    bytes.append(reinterpret_cast<const char*>(mac.data()), mac.size());
    return to_base64url(bytes);
}

}  // namespace userinfo::test
