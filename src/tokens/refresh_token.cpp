#include "tokens/refresh_token.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <sodium.h>

#include "base/base64.h"
#include "base/hmac_sha256.h"

namespace userinfo {

namespace {

constexpr char first_version = 1;
constexpr char newest_version = 2;
constexpr std::size_t signed_size = 1 + 16 + 8;
constexpr std::size_t first_size = signed_size + sizeof(refresh_mac);
constexpr std::size_t size = first_size + sizeof(refresh_mac);

constexpr std::size_t encoded(std::size_t bytes) { return (bytes * 4 + 2) / 3; }

char version_of(const refresh_token& token) { return token.outer ? newest_version : first_version; }

std::string signed_part(char version, const uuid& session, std::uint64_t generation) {
    std::string bytes(1, version);
    bytes += session.view();
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(generation >> shift & 0xff);
    return bytes;
}

std::string signed_part(const refresh_token& token) {
    return signed_part(version_of(token), token.session, token.generation);
}

template <std::size_t Size>
std::string_view view_of(const std::array<std::uint8_t, Size>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

refresh_mac inner_mac(const refresh_key& key, std::string_view part, const std::array<std::uint8_t, 16>& nonce) {
    return hmac_sha256(key.secret, {part, view_of(nonce)});
}

// Its input is longer than that of any inner one, so that neither can stand for the other.
refresh_mac outer_mac(const refresh_key& key, std::string_view part, const refresh_mac& inner) {
    return hmac_sha256(key.secret, {part, view_of(inner)});
}

bool is_same(const refresh_mac& a, const refresh_mac& b) { return sodium_memcmp(a.data(), b.data(), a.size()) == 0; }

bool is_right_outside(const refresh_token& token, const refresh_key& key, std::string_view part) {
    return !token.outer || is_same(*token.outer, outer_mac(key, part, token.inner));
}

bool verifies(const refresh_key& key, timestamp now) { return !key.verify_until || now < *key.verify_until; }

refresh_mac mac_at(std::string_view bytes, std::size_t place) {
    refresh_mac mac;
    std::ranges::copy(bytes.substr(place, mac.size()), mac.begin());
    return mac;
}

}  // namespace

refresh_key::~refresh_key() { sodium_memzero(secret.data(), secret.size()); }

std::optional<refresh_token> parse_refresh_token(std::string_view text) {
    const bool is_first = text.size() == encoded(first_size);
    if (!is_first && text.size() != encoded(size)) return std::nullopt;
    const auto bytes = from_base64url(text);
    if (!bytes || bytes->front() != (is_first ? first_version : newest_version)) return std::nullopt;
    refresh_token token{.session = *uuid::from_bytes(std::string_view(*bytes).substr(1, 16)),
                        .generation = 0,
                        .inner = mac_at(*bytes, signed_size),
                        .outer = {}};
    for (std::size_t i = 17; i < signed_size; ++i) {
        token.generation = token.generation << 8 | static_cast<unsigned char>((*bytes)[i]);
    }
    if (!is_first) token.outer = mac_at(*bytes, first_size);
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
    auto bytes = signed_part(newest_version, session, generation);
    const auto inner = inner_mac(*key, bytes, nonce);
    const auto outer = outer_mac(*key, bytes, inner);
    bytes += view_of(inner);
    bytes += view_of(outer);
    return to_base64url(bytes);
}

bool refresh_tokens::may_be_ours(const refresh_token& token, timestamp now) const {
    const auto part = signed_part(token);
    const auto keys = this->keys();
    return std::ranges::any_of(
        *keys, [&](const refresh_key& key) { return verifies(key, now) && is_right_outside(token, key, part); });
}

bool refresh_tokens::is_genuine(const refresh_token& token, const std::array<std::uint8_t, 16>& nonce,
                                timestamp now) const {
    const auto part = signed_part(token);
    const auto keys = this->keys();
    return std::ranges::any_of(*keys, [&](const refresh_key& key) {
        return verifies(key, now) && is_right_outside(token, key, part) &&
               is_same(token.inner, inner_mac(key, part, nonce));
    });
}

}  // namespace userinfo
