// The origin of calls for the purpose of rate limits.
#pragma once

#include <string>
#include <string_view>

namespace userinfo {

// Returns the source that an IP address belongs to. Each IPv4 address is its own source, also one inside an IPv6
// address (base/ip_address.h). An IPv6 subscriber has a whole /64 (RFC 6177), so the source is the first 64 bits. Any
// other text, such as the empty one of the command line, is its own source.
std::string source_of(std::string_view address);

}  // namespace userinfo
