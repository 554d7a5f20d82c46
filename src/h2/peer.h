// Who is at the other end of a connection to a server.
#pragma once

#include <string>

#include <boost/asio/generic/stream_protocol.hpp>

#include "base/task.h"

namespace userinfo::h2 {

struct peer {
    std::string address = {};  // as base/ip_address.h writes it, or `unix_peer`
    // It has shown a certificate of the server's authority, or it connects through a unix socket as the server's own
    // user or as root.
    bool is_authenticated = false;
};

// The peer of the connected socket `descriptor`, whose other end is `from`. `shows_certificate`: the connection ends at
// its handshake unless the peer proves by a certificate who it is.
peer peer_of(int descriptor, const asio::generic::stream_protocol::endpoint& from, bool shows_certificate);

}  // namespace userinfo::h2
