#include "base/source.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <arpa/inet.h>

namespace userinfo {

namespace {

constexpr std::ptrdiff_t prefix_bytes = 8;

}  // namespace

std::string source_of(std::string_view address) {
    std::string text(address);
    std::array<unsigned char, sizeof(in6_addr)> bytes;
    if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
    std::fill(bytes.begin() + prefix_bytes, bytes.end(), 0);
    std::array<char, INET6_ADDRSTRLEN> prefix;
    inet_ntop(AF_INET6, bytes.data(), prefix.data(), prefix.size());
    return prefix.data();
}

}  // namespace userinfo
