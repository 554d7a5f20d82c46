#include "net/peer_address.h"

#include <cstring>

#include <netinet/in.h>

namespace userinfo::net {

std::optional<ip_address> peer_address(const asio::generic::stream_protocol::endpoint& peer) {
    if (peer.protocol().family() == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, peer.data(), sizeof v4);
        return ip_address::of(v4.sin_addr);
    }
    if (peer.protocol().family() != AF_INET6) return std::nullopt;
    sockaddr_in6 v6{};
    std::memcpy(&v6, peer.data(), sizeof v6);
    return ip_address::of(v6.sin6_addr);
}

}  // namespace userinfo::net
