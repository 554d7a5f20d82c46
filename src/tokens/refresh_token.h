// Refresh tokens: what a client shows to get the next access token. Self-describing and checked by a MAC, so that a
// guessed or damaged one costs no write; bound to a secret of the session's row, so that the key alone forges nothing.
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

// Wiped at its end.
struct refresh_key {
    std::array<std::uint8_t, 32> secret{};
    bool signs = false;                       // one of all
    std::optional<timestamp> verify_until{};  // nothing: no end is set

    ~refresh_key();
};

using refresh_mac = std::array<std::uint8_t, 32>;

struct refresh_token {
    uuid session;
    std::uint64_t generation;
    refresh_mac mac;
};

// Nothing if `text` does not have the form of one; it says nothing of who made it.
std::optional<refresh_token> parse_refresh_token(std::string_view text);

// Makes and checks them. Thread-safe.
class refresh_tokens {
public:
    void replace_keys(std::vector<refresh_key> keys);

    // Throws std::logic_error if no key signs.
    std::string issue(const uuid& session, std::uint64_t generation, const std::array<std::uint8_t, 16>& nonce) const;
    // Whether a key that verifies at `now` made it.
    bool is_genuine(const refresh_token& token, const std::array<std::uint8_t, 16>& nonce, timestamp now) const;

private:
    std::shared_ptr<const std::vector<refresh_key>> keys() const;

    mutable std::mutex mutex_;
    std::shared_ptr<const std::vector<refresh_key>> keys_ = std::make_shared<std::vector<refresh_key>>();
};

}  // namespace userinfo
