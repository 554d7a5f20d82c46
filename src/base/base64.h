// Base64 without padding: the standard alphabet (RFC 4648, section 4) and the URL-safe one (section 5; RFC 7515,
// section 2).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace userinfo {

std::string to_base64(std::string_view bytes);
std::string to_base64url(std::string_view bytes);
std::string to_base64url(std::span<const std::uint8_t> bytes);

// Return nothing if `text` is not canonical: padding, other characters and stray bits are rejected.
std::optional<std::string> from_base64(std::string_view text);
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace userinfo
