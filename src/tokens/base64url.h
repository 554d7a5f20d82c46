// Base64url without padding (RFC 4648 section 5, RFC 7515 section 2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace userinfo {

std::string to_base64url(std::string_view bytes);

// Nothing if `text` is not the one encoding of some bytes: padding, other letters and stray bits are refused.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace userinfo
