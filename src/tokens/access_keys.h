// The keys that sign and verify access tokens: one signs; it, the next one and the retiring ones verify. Readers take a
// snapshot, so keys change while requests run.
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
    std::optional<timestamp> verify_until{};  // nothing: no end is set; timestamp::min(): verifies nothing
    std::string encoded_header{};             // the JOSE header of all its tokens, base64url; set by access_key_set
};

// A fixed set of keys.
class access_key_set {
public:
    // `gone`: the kids of former keys, whose tokens are refused whatever they say.
    explicit access_key_set(std::vector<access_key> keys, const std::vector<std::string>& gone = {});

    // Throws std::logic_error if no key signs.
    const access_key& signing_key() const;

    // The key whose tokens begin with this header; null if there is none. A header is compared whole: it is ours byte
    // for byte or it is refused, so that `crit`, `jku`, `jwk`, `x5u`, another `alg` or `typ` and duplicate members (RFC
    // 8725) need no rule of their own.
    const access_key* find_by_header(std::string_view encoded_header) const;

    // Whether a token with this header says that it is of a former key: then its holder may have been one of ours, and
    // a new token is to be had. It proves nothing.
    bool names_gone_key(std::string_view encoded_header) const;

    // A JSON Web Key Set (RFC 7517) of the keys that verify.
    std::string jwks() const;

private:
    std::vector<access_key> keys_;
    std::vector<std::string> gone_headers_;
};

// The set of just now. Thread-safe.
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
