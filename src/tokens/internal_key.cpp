#include "tokens/internal_key.h"

#include <span>
#include <stdexcept>

#include <sodium.h>

namespace userinfo {

namespace {

sha256_digest hmac(std::span<const std::uint8_t> key, std::string_view message) {
    sha256_digest mac;
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.data(), key.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(message.data()), message.size());
    crypto_auth_hmacsha256_final(&state, mac.data());
    sodium_memzero(&state, sizeof state);
    return mac;
}

}  // namespace

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
        own = hmac(*secret_, use);
    }
    const auto result = hmac(own, message);
    sodium_memzero(own.data(), own.size());
    return result;
}

}  // namespace userinfo
