// The origin of calls and connections for the purpose of limits.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/ip_address.h"

namespace userinfo {

// Returns the source that an IP address belongs to. Each IPv4 address is its own source, also one inside an IPv6
// address (base/ip_address.h). An IPv6 subscriber has a whole /64 (RFC 6177), so the source is the first 64 bits. Any
// other text, such as the empty one of the command line, is its own source.
std::string source_of(std::string_view address);
ip_address source_of(const ip_address& address);

// Returns the networks that an IP address belongs to, from the widest to its source: of an IPv6 address its /48 (the
// most that a site is given, RFC 6177), its /56 and its source, of an IPv4 address its /24 and its source twice. Any
// other text is each of its networks.
std::array<std::string, 3> networks_of(std::string_view address);

}  // namespace userinfo
