// Where calls come from, as limits count it.
#pragma once

#include <string>
#include <string_view>

namespace userinfo {

// The source that an IP address belongs to: an IPv4 address is one of its own; of IPv6, one subscriber has a whole /64
// (RFC 6177), so its first 64 bits are. Any other text, such as the empty one of a command line, stands for itself.
std::string source_of(std::string_view address);

}  // namespace userinfo
