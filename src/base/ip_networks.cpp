#include "base/ip_networks.h"

#include <algorithm>
#include <stdexcept>

#include "base/ascii.h"

namespace userinfo {

namespace {

std::invalid_argument not_a_network(const std::string& text) {
    return std::invalid_argument("'" + text + "' is not an IP address or network");
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 3 && std::ranges::all_of(text, is_digit);
}

}  // namespace

ip_networks::ip_networks(const std::vector<std::string>& entries) {
    for (const auto& entry : entries) networks_.push_back(parse(entry));
}

ip_networks::network ip_networks::parse(const std::string& text) {
    const auto slash = text.find('/');
    const auto address = ip_address::parse(std::string_view(text).substr(0, slash));
    if (!address) throw not_a_network(text);
    if (slash == text.npos) return {.base = *address, .bits = address->width()};
    const auto bits = text.substr(slash + 1);
    // Of an IPv4 address that is written as an IPv6 one, it would be unclear which bits are meant.
    if (address->is_v4() && text.contains(':')) {
        throw std::invalid_argument("'" + text + "' stands for IPv4 addresses: write them as an IPv4 network");
    }
    if (!is_number(bits) || std::stoul(bits) > address->width()) throw not_a_network(text);
    const auto given = static_cast<unsigned>(std::stoul(bits));
    return {.base = address->prefix(given), .bits = given};
}

bool ip_networks::network::contains(const ip_address& address) const {
    return address.is_v4() == base.is_v4() && address.prefix(bits) == base;
}

bool ip_networks::contains(const ip_address& address) const {
    return std::ranges::any_of(networks_, [&](const network& network) { return network.contains(address); });
}

}  // namespace userinfo
