#include "net/connection_source.h"

#include "base/source.h"
#include "net/peer_address.h"

namespace userinfo::net {

connection_source source_of(const boost::asio::generic::stream_protocol::endpoint& peer) {
    const auto address = peer_address(peer);
    if (!address) return std::nullopt;
    return userinfo::source_of(*address);
}

std::string to_string(const connection_source& source) { return source ? source->to_string() : std::string(unix_peer); }

}  // namespace userinfo::net
