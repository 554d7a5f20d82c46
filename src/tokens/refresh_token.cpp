#include "tokens/refresh_token.h"

#include <algorithm>
#include <stdexcept>

#include <sodium.h>

#include "base/base64.h"
#include "base/hmac_sha256.h"

namespace userinfo {

namespace {

constexpr char version = 1;
constexpr std::size_t signed_size = 1 + 16 + 8;
constexpr std::size_t token_size = signed_size + sizeof(refresh_mac);
constexpr std::size_t encoded_size = token_size / 3 * 4;
static_assert(token_size % 3 == 0);

std::string signed_part(const uuid& session, std::uint64_t generation) {
    std::string bytes(1, version);
    bytes += session.view();
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(generation >> shift & 0xff);
    return bytes;
}

refresh_mac mac_of(const refresh_key& key, std::string_view part, const std::array<std::uint8_t, 16>& nonce) {
    return hmac_sha256(key.secret, {part, {reinterpret_cast<const char*>(nonce.data()), nonce.size()}});
}

}  // namespace

refresh_key::~refresh_key() { sodium_memzero(secret.data(), secret.size()); }

std::optional<refresh_token> parse_refresh_token(std::string_view text) {
    if (text.size() != encoded_size) return std::nullopt;
    const auto bytes = from_base64url(text);
    if (!bytes || bytes->front() != version) return std::nullopt;
    refresh_token token{
        .session = *uuid::from_bytes(std::string_view(*bytes).substr(1, 16)), .generation = 0, .mac = {}};
    for (std::size_t i = 17; i < signed_size; ++i) {
        token.generation = token.generation << 8 | static_cast<unsigned char>((*bytes)[i]);
    }
    std::copy(bytes->begin() + signed_size, bytes->end(), token.mac.begin());
    return token;
}

void refresh_tokens::replace_keys(std::vector<refresh_key> keys) {
    auto next = std::make_shared<const std::vector<refresh_key>>(std::move(keys));
    const std::scoped_lock lock(mutex_);
    keys_ = std::move(next);
}

std::shared_ptr<const std::vector<refresh_key>> refresh_tokens::keys() const {
    const std::scoped_lock lock(mutex_);
    return keys_;
}

std::string refresh_tokens::issue(const uuid& session, std::uint64_t generation,
                                  const std::array<std::uint8_t, 16>& nonce) const {
    const auto keys = this->keys();
    const auto key = std::ranges::find_if(*keys, &refresh_key::signs);
    if (key == keys->end()) throw std::logic_error("no refresh key signs");
    auto bytes = signed_part(session, generation);
    const auto mac = mac_of(*key, bytes, nonce);
    bytes.append(reinterpret_cast<const char*>(mac.data()), mac.size());
    return to_base64url(bytes);
}

bool refresh_tokens::is_genuine(const refresh_token& token, const std::array<std::uint8_t, 16>& nonce,
                                timestamp now) const {
    const auto part = signed_part(token.session, token.generation);
    const auto keys = this->keys();
    return std::ranges::any_of(*keys, [&](const refresh_key& key) {
        if (key.verify_until && now >= *key.verify_until) return false;
        const auto expected = mac_of(key, part, nonce);
        return sodium_memcmp(expected.data(), token.mac.data(), expected.size()) == 0;
    });
}

}  // namespace userinfo
