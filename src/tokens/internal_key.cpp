#include "tokens/internal_key.h"

#include <stdexcept>

#include <sodium.h>

#include "base/hmac_sha256.h"

namespace userinfo {

internal_key::~internal_key() {
    if (secret_) sodium_memzero(secret_->data(), secret_->size());
}

void internal_key::set(const secret& value) {
    const std::scoped_lock lock(mutex_);
    secret_ = value;
}

sha256_digest internal_key::mac(std::string_view use, std::string_view message) const {
    sha256_digest own;
    {
        const std::scoped_lock lock(mutex_);
        if (!secret_) throw std::logic_error("the internal key is not set");
        own = hmac_sha256(*secret_, {use});
    }
    const auto result = hmac_sha256(own, {message});
    sodium_memzero(own.data(), own.size());
    return result;
}

}  // namespace userinfo
