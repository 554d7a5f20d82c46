// Refresh tokens, with which a client gets new access tokens. A token has two MACs under one key. The inner one also
// covers a secret in the session's row, so that the key alone cannot forge tokens. The outer one needs no row, so that
// a token that is not ours costs no query.
//
//     base64url( version (1) | session id (16) | generation (8, big-endian) | inner HMAC (32) | outer HMAC (32) )
//
// HMAC-SHA-256; the inner one covers what stands before it and the secret, the outer one what stands before it. Tokens
// of version 1, which are no longer issued, have no outer one: only a query tells them from a guess.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/uuid.h"

namespace userinfo {

// Wiped on destruction.
struct refresh_key {
    std::array<std::uint8_t, 32> secret{};
    bool signs = false;                       // exactly one of all keys
    std::optional<timestamp> verify_until{};  // empty: no limit

    ~refresh_key();
};

using refresh_mac = std::array<std::uint8_t, 32>;

struct refresh_token {
    uuid session;
    std::uint64_t generation;
    refresh_mac inner;
    std::optional<refresh_mac> outer;  // empty: of version 1
};

// Returns nothing if `text` does not have the form of a token. Does not check its authenticity.
std::optional<refresh_token> parse_refresh_token(std::string_view text);

// Issues and verifies refresh tokens. Thread-safe.
class refresh_tokens {
public:
    void replace_keys(std::vector<refresh_key> keys);

    // Throws std::logic_error if no key signs.
    std::string issue(const uuid& session, std::uint64_t generation, const std::array<std::uint8_t, 16>& nonce) const;
    // Whether a key that is valid for verification at `now` made the token, as far as the token itself can tell: of
    // version 1, everything may be ours.
    bool may_be_ours(const refresh_token& token, timestamp now) const;

    // Whether such a key made the token.
    bool is_genuine(const refresh_token& token, const std::array<std::uint8_t, 16>& nonce, timestamp now) const;

private:
    std::shared_ptr<const std::vector<refresh_key>> keys() const;

    mutable std::mutex mutex_;
    std::shared_ptr<const std::vector<refresh_key>> keys_ = std::make_shared<std::vector<refresh_key>>();
};

}  // namespace userinfo
