// The secret key of the service's own MACs in the database, and of what it seals for itself and leaves with clients.
// Without it, a copy of the database does not reveal which emails were tried, and nobody can forge an event of the
// audit chain or a device.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
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

    // Seals `secret` under a subkey for `use`, which must differ from the uses of `mac`. Throws as `mac` does.
    std::string seal(std::string_view use, std::string_view secret) const;

    // Returns nothing if the text was not sealed by this key for this use. Throws as `mac` does.
    std::optional<std::string> unseal(std::string_view use, std::string_view sealed) const;

private:
    sha256_digest subkey(std::string_view use) const;

    mutable std::mutex mutex_;
    std::optional<secret> secret_;
};

}  // namespace userinfo
