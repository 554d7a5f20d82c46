#include "base/uuid.h"

#include <algorithm>

#include <sodium.h>

#include "base/hex.h"

namespace userinfo {

namespace {

constexpr bool dash_at(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

}  // namespace

uuid uuid::random() {
    byte_array bytes;
    randombytes_buf(bytes.data(), bytes.size());
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    return uuid(bytes);
}

std::optional<uuid> uuid::parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    byte_array bytes{};
    std::size_t nibble = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (dash_at(i)) {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        const auto value = hex_value(text[i]);
        if (value < 0) return std::nullopt;
        auto& byte = bytes[nibble++ / 2];
        byte = static_cast<std::uint8_t>(byte << 4 | value);
    }
    return uuid(bytes);
}

std::optional<uuid> uuid::from_bytes(std::string_view bytes) {
    byte_array copy;
    if (bytes.size() != copy.size()) return std::nullopt;
    std::ranges::copy(bytes, copy.begin());
    return uuid(copy);
}

std::string uuid::to_string() const {
    std::string text(36, '-');
    auto end = text.begin();
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) ++end;  // the dash is there
        *end++ = hex_digits[bytes_[i] >> 4];
        *end++ = hex_digits[bytes_[i] & 0x0f];
    }
    return text;
}

}  // namespace userinfo
