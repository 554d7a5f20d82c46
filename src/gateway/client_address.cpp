#include "gateway/client_address.h"

namespace userinfo::gateway {

client_address::client_address(const std::vector<std::string>& trusted_proxies, forwarded_header header)
    : trusted_(trusted_proxies), header_(header) {}

std::string client_address::of(const http::request& request) const {
    std::string client(request.peer_address);
    if (client != unix_peer) {
        const auto peer = trusted_.empty() ? std::nullopt : ip_address::parse(client);
        if (!peer || !trusted_.contains(*peer)) return client;
    }
    forwarded_hops hops(request, header_);
    while (const auto hop = hops.next()) {
        client = hop->to_string();
        if (!trusted_.contains(*hop)) break;
    }
    return client;
}

}  // namespace userinfo::gateway
