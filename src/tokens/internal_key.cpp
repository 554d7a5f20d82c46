#include "tokens/internal_key.h"

#include <stdexcept>

#include <sodium.h>

#include "base/hmac_sha256.h"
#include "tokens/sealing.h"

namespace userinfo {

internal_key::~internal_key() {
    if (secret_) sodium_memzero(secret_->data(), secret_->size());
}

void internal_key::set(const secret& value) {
    const std::scoped_lock lock(mutex_);
    secret_ = value;
}

sha256_digest internal_key::subkey(std::string_view use) const {
    const std::scoped_lock lock(mutex_);
    if (!secret_) throw std::logic_error("the internal key is not set");
    return hmac_sha256(*secret_, {use});
}

sha256_digest internal_key::mac(std::string_view use, std::string_view message) const {
    auto own = subkey(use);
    const auto result = hmac_sha256(own, {message});
    sodium_memzero(own.data(), own.size());
    return result;
}

std::string internal_key::seal(std::string_view use, std::string_view secret) const {
    auto own = subkey(use);
    auto sealed = userinfo::seal(own, secret, use);
    sodium_memzero(own.data(), own.size());
    return sealed;
}

std::optional<std::string> internal_key::unseal(std::string_view use, std::string_view sealed) const {
    auto own = subkey(use);
    auto secret = userinfo::unseal(own, sealed, use);
    sodium_memzero(own.data(), own.size());
    return secret;
}

}  // namespace userinfo
