// The secret behind what the service keeps for itself in its database: who copies the database cannot tell from a MAC
// which email was tried, nor put an event into the audit chain.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/sha256.h"

namespace userinfo {

// Thread-safe. Set once at start, before anything else uses it.
class internal_key {
public:
    using secret = std::array<std::uint8_t, 32>;

    ~internal_key();

    void set(const secret& value);

    // HMAC-SHA-256 (RFC 2104) of `message`, under a key that is `use`'s own. Throws std::logic_error before `set`.
    sha256_digest mac(std::string_view use, std::string_view message) const;

private:
    mutable std::mutex mutex_;
    std::optional<secret> secret_;
};

}  // namespace userinfo
