// The secret key of the service's own MACs in the database. Without it, a copy of the database does not reveal which
// emails were tried, and nobody can forge an event of the audit chain.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/sha256.h"

namespace userinfo {

// Thread-safe. Must be set once at start, before any other use.
class internal_key {
public:
    using secret = std::array<std::uint8_t, 32>;

    ~internal_key();

    void set(const secret& value);

    // HMAC-SHA-256 (RFC 2104) of `message` under a subkey for `use`. Throws std::logic_error before `set`.
    sha256_digest mac(std::string_view use, std::string_view message) const;

private:
    mutable std::mutex mutex_;
    std::optional<secret> secret_;
};

}  // namespace userinfo
