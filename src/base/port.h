// Parses the port of a TCP address.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace userinfo {

// Returns nothing if `digits` is not a whole number from 0 to 65535.
std::optional<std::uint16_t> parse_port(std::string_view digits);

}  // namespace userinfo
