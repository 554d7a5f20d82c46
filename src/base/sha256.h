// SHA-256 (FIPS 180-4).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace userinfo {

using sha256_digest = std::array<std::uint8_t, 32>;

sha256_digest sha256(std::string_view bytes);

// A name for a secret value (a session's id) in logs and audit events: the first 16 hex digits of its SHA-256.
std::string log_label(std::string_view bytes);

}  // namespace userinfo
