#include "tokens/sealing.h"

#include <algorithm>

#include <sodium.h>

#include "base/base64.h"
#include "base/sha256.h"

namespace userinfo {

namespace {

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
// 32 bytes in base64url, and the terminating zero.
constexpr std::size_t size_of_line = 44;
static_assert(sizeof(sealing_key) == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string seal(const sealing_key& key, std::string_view secret, std::string_view context) {
    std::string sealed(nonce_size + secret.size() + tag_size, '\0');
    randombytes_buf(sealed.data(), nonce_size);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(sealed) + nonce_size, nullptr, bytes_of(secret), secret.size(),
                                               bytes_of(context), context.size(), nullptr, bytes_of(sealed),
                                               key.data());
    return sealed;
}

std::optional<std::string> unseal(const sealing_key& key, std::string_view sealed, std::string_view context) {
    if (sealed.size() < nonce_size + tag_size) return std::nullopt;
    std::string secret(sealed.size() - nonce_size - tag_size, '\0');
    const int status = crypto_aead_xchacha20poly1305_ietf_decrypt(
        bytes_of(secret), nullptr, nullptr, bytes_of(sealed) + nonce_size, sealed.size() - nonce_size,
        bytes_of(context), context.size(), bytes_of(sealed), key.data());
    if (status != 0) return std::nullopt;
    return secret;
}

master_key master_key::generate() {
    sealing_key bytes;
    randombytes_buf(bytes.data(), bytes.size());
    return master_key(bytes);
}

std::optional<master_key> master_key::parse(std::string_view text) {
    auto decoded = from_base64url(text);
    if (!decoded || decoded->size() != size) return std::nullopt;
    sealing_key bytes;
    std::ranges::copy(*decoded, bytes.begin());
    sodium_memzero(decoded->data(), decoded->size());
    return master_key(bytes);
}

master_key::~master_key() { sodium_memzero(bytes_.data(), bytes_.size()); }

std::string master_key::to_base64url() const { return userinfo::to_base64url(bytes_); }

std::string master_key::id() const {
    return log_label("userinfo master key id" +
                     std::string(reinterpret_cast<const char*>(bytes_.data()), bytes_.size()));
}

std::string master_key::seal(std::string_view secret, std::string_view context) const {
    return userinfo::seal(bytes_, secret, context);
}

std::optional<std::string> master_key::unseal(std::string_view sealed, std::string_view context) const {
    return userinfo::unseal(bytes_, sealed, context);
}

std::optional<master_keys> master_keys::parse(std::string_view text) {
    constexpr std::string_view separators = ", \t\r\n";
    std::vector<master_key> keys;
    for (auto begin = text.find_first_not_of(separators); begin != text.npos;
         begin = text.find_first_not_of(separators, begin)) {
        const auto end = std::min(text.find_first_of(separators, begin), text.size());
        const auto key = master_key::parse(text.substr(begin, end - begin));
        if (!key) return std::nullopt;
        keys.push_back(*key);
        begin = end;
    }
    if (keys.empty()) return std::nullopt;
    return master_keys(std::move(keys));
}

master_keys master_keys::led_by(const master_key& key) const {
    std::vector<master_key> keys{key};
    for (const auto& each : keys_) keys.push_back(each);
    return master_keys(std::move(keys));
}

std::string master_keys::to_text() const {
    std::string text;
    text.reserve(keys_.size() * size_of_line);
    for (const auto& key : keys_) {
        auto line = key.to_base64url();
        text += line;
        text += '\n';
        sodium_memzero(line.data(), line.size());
    }
    return text;
}

std::string master_keys::ids() const {
    std::string text;
    for (const auto& key : keys_) text += (text.empty() ? "" : ", ") + key.id();
    return text;
}

std::optional<std::string> master_keys::unseal(std::string_view sealed, std::string_view context) const {
    for (const auto& key : keys_) {
        if (auto secret = key.unseal(sealed, context)) return secret;
    }
    return std::nullopt;
}

}  // namespace userinfo
