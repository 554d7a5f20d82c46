#include "gateway/client_address.h"

#include <algorithm>
#include <stdexcept>

#include "base/ascii.h"

namespace userinfo::gateway {

namespace {

std::invalid_argument not_a_network(const std::string& text) {
    return std::invalid_argument("'" + text + "' is not an IP address or network");
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 3 && std::ranges::all_of(text, is_digit);
}

}  // namespace

client_address::client_address(const std::vector<std::string>& trusted_proxies, forwarded_header header)
    : header_(header) {
    for (const auto& proxy : trusted_proxies) trusted_.push_back(parse_network(proxy));
}

client_address::network client_address::parse_network(const std::string& text) {
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

bool client_address::network::contains(const ip_address& address) const {
    return address.is_v4() == base.is_v4() && address.prefix(bits) == base;
}

std::string client_address::of(const http::request& request) const {
    std::string client(request.peer_address);
    if (client != unix_peer) {
        const auto peer = trusted_.empty() ? std::nullopt : ip_address::parse(client);
        if (!peer || !is_trusted(*peer)) return client;
    }
    forwarded_hops hops(request, header_);
    while (const auto hop = hops.next()) {
        client = hop->to_string();
        if (!is_trusted(*hop)) break;
    }
    return client;
}

bool client_address::is_trusted(const ip_address& address) const {
    return std::ranges::any_of(trusted_, [&](const network& network) { return network.contains(address); });
}

}  // namespace userinfo::gateway
