// Bytes as hexadecimal digits (RFC 4648 section 8, lower-case).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace userinfo {

std::string to_hex(std::string_view bytes);

// Nothing if `digits` is not an even number of digits.
std::optional<std::string> from_hex(std::string_view digits);

}  // namespace userinfo
