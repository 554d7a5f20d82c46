// Refresh tokens, with which a client gets new access tokens. A token carries its session and a MAC, so a guessed or
// damaged token costs no database write. The MAC also covers a secret in the session's row, so the key alone cannot
// forge tokens.
//
//     base64url( version (1) | session id (16) | generation (8, big-endian) | HMAC-SHA-256 (32) )
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
    refresh_mac mac;
};

// Returns nothing if `text` does not have the form of a token. Does not check its authenticity.
std::optional<refresh_token> parse_refresh_token(std::string_view text);

// Issues and verifies refresh tokens. Thread-safe.
class refresh_tokens {
public:
    void replace_keys(std::vector<refresh_key> keys);

    // Throws std::logic_error if no key signs.
    std::string issue(const uuid& session, std::uint64_t generation, const std::array<std::uint8_t, 16>& nonce) const;
    // Whether a key that is valid for verification at `now` made the token.
    bool is_genuine(const refresh_token& token, const std::array<std::uint8_t, 16>& nonce, timestamp now) const;

private:
    std::shared_ptr<const std::vector<refresh_key>> keys() const;

    mutable std::mutex mutex_;
    std::shared_ptr<const std::vector<refresh_key>> keys_ = std::make_shared<std::vector<refresh_key>>();
};

}  // namespace userinfo
