// The keys of access tokens. One key signs; that key, the next one and the retiring ones verify. Readers take a
// snapshot, so keys can rotate while requests run.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "tokens/es256.h"

namespace userinfo {

struct access_key {
    std::string kid;
    es256_key key;
    bool signs = false;                       // at most one of a set
    std::optional<timestamp> verify_until{};  // empty: no limit; timestamp::min(): verifies nothing
    std::string encoded_header{};             // the base64url JOSE header of its tokens; set by access_key_set
};

// An immutable set of keys.
class access_key_set {
public:
    // `gone` holds the kids of former keys. Their tokens are always rejected.
    explicit access_key_set(std::vector<access_key> keys, const std::vector<std::string>& gone = {});

    // Throws std::logic_error if no key signs.
    const access_key& signing_key() const;

    // Returns the key whose tokens start with this header, or null. The header must match ours byte for byte. This
    // rejects `crit`, `jku`, `jwk`, `x5u`, another `alg` or `typ`, and duplicate members (RFC 8725) without a rule for
    // each.
    const access_key* find_by_header(std::string_view encoded_header) const;

    // Whether the header claims a former key. The client may then have held a valid token once, and should get a new
    // one. It proves nothing.
    bool names_gone_key(std::string_view encoded_header) const;

    // A JSON Web Key Set (RFC 7517) of the keys that verify.
    std::string jwks() const;

private:
    std::vector<access_key> keys_;
    std::vector<std::string> gone_headers_;
};

// The current key set. Thread-safe.
class access_keys {
public:
    std::shared_ptr<const access_key_set> current() const {
        const std::scoped_lock lock(mutex_);
        return current_;
    }

    void replace(std::shared_ptr<const access_key_set> set) {
        const std::scoped_lock lock(mutex_);
        current_ = std::move(set);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const access_key_set> current_ = std::make_shared<access_key_set>(std::vector<access_key>());
};

}  // namespace userinfo
