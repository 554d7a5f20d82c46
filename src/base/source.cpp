#include "base/source.h"

#include <utility>

namespace userinfo {

namespace {

// The lengths of prefixes.
constexpr unsigned site_bits = 48;
constexpr unsigned larger_subscriber_bits = 56;
constexpr unsigned subscriber_bits = 64;
constexpr unsigned ipv4_network_bits = 24;

}  // namespace

std::string source_of(std::string_view address) {
    const auto parsed = ip_address::parse(address);
    if (!parsed) return std::string(address);
    return source_of(*parsed).to_string();
}

ip_address source_of(const ip_address& address) { return address.is_v4() ? address : address.prefix(subscriber_bits); }

std::array<std::string, 3> networks_of(std::string_view address) {
    const auto parsed = ip_address::parse(address);
    auto source = source_of(address);
    if (!parsed) return {source, source, std::move(source)};
    if (parsed->is_v4()) return {parsed->prefix(ipv4_network_bits).to_string(), source, std::move(source)};
    return {parsed->prefix(site_bits).to_string(), parsed->prefix(larger_subscriber_bits).to_string(),
            std::move(source)};
}

}  // namespace userinfo
