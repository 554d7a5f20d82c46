#include "base/source.h"

#include "base/ip_address.h"

namespace userinfo {

namespace {

constexpr unsigned subscriber_bits = 64;

}  // namespace

std::string source_of(std::string_view address) {
    const auto parsed = ip_address::parse(address);
    if (!parsed) return std::string(address);
    return (parsed->is_v4() ? *parsed : parsed->prefix(subscriber_bits)).to_string();
}

}  // namespace userinfo
