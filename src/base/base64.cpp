#include "base/base64.h"

#include <algorithm>

#include <sodium.h>

#include "base/ascii.h"

namespace userinfo {

namespace {

// libsodium's variant, and the alphabet's two characters that are neither letters nor digits.
struct alphabet {
    int variant;
    char last, before_last;
};

constexpr alphabet standard{.variant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING, .last = '/', .before_last = '+'};
constexpr alphabet for_urls{.variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING, .last = '_', .before_last = '-'};

std::string encode(std::string_view bytes, const alphabet& alphabet) {
    std::string text(sodium_base64_encoded_len(bytes.size(), alphabet.variant), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      alphabet.variant);
    text.pop_back();  // the terminating zero
    return text;
}

std::optional<std::string> decode(std::string_view text, const alphabet& alphabet) {
    const auto is_letter = [&](char c) {
        return is_alphanumeric(c) || c == alphabet.before_last || c == alphabet.last;
    };
    // libsodium 1.0.18 accepts some bytes above 0x7f as letters.
    if (!std::ranges::all_of(text, is_letter)) return std::nullopt;
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    const int status = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                                         text.size(), nullptr, &size, &end, alphabet.variant);
    if (status != 0 || end != text.data() + text.size()) return std::nullopt;
    bytes.resize(size);
    return bytes;
}

}  // namespace

std::string to_base64(std::string_view bytes) { return encode(bytes, standard); }

std::string to_base64url(std::string_view bytes) { return encode(bytes, for_urls); }

std::string to_base64url(std::span<const std::uint8_t> bytes) {
    return to_base64url(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

std::optional<std::string> from_base64(std::string_view text) { return decode(text, standard); }

std::optional<std::string> from_base64url(std::string_view text) { return decode(text, for_urls); }

}  // namespace userinfo
