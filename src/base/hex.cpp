#include "base/hex.h"

#include <charconv>

namespace userinfo {

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4];
        text += digits[byte & 0xf];
    }
    return text;
}

std::optional<std::string> from_hex(std::string_view digits) {
    if (digits.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    bytes.reserve(digits.size() / 2);
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const auto pair = digits.substr(i, 2);
        unsigned value = 0;
        const auto read = std::from_chars(pair.begin(), pair.end(), value, 16);
        if (read.ec != std::errc() || read.ptr != pair.end()) return std::nullopt;
        bytes += static_cast<char>(value);
    }
    return bytes;
}

}  // namespace userinfo
