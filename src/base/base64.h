// Base64 without padding: RFC 4648, section 4, and with the alphabet for URLs, section 5 (RFC 7515, section 2).
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

// Nothing if `text` is not the one encoding of some bytes: padding, other letters and stray bits are refused.
std::optional<std::string> from_base64(std::string_view text);
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace userinfo
