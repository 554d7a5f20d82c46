// HMAC-SHA-256 (RFC 2104, FIPS 198-1).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "base/sha256.h"

namespace userinfo {

// `message` is the concatenation of its parts.
sha256_digest hmac_sha256(std::span<const std::uint8_t> key, std::initializer_list<std::string_view> message);

}  // namespace userinfo
