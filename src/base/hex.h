// Hexadecimal encoding (RFC 4648 section 8). Writes lower case and reads both cases.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace userinfo {

inline constexpr std::string_view hex_digits = "0123456789abcdef";

// Returns -1 if `c` is not a digit.
constexpr int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string to_hex(std::string_view bytes);
std::string to_hex(std::span<const std::uint8_t> bytes);

// Returns nothing if `digits` is not an even number of digits.
std::optional<std::string> from_hex(std::string_view digits);

}  // namespace userinfo
