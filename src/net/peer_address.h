// The IP address of the other end of a connection.
#pragma once

#include <optional>

#include <boost/asio/generic/stream_protocol.hpp>

#include "base/ip_address.h"
#include "base/task.h"

namespace userinfo::net {

// Empty for a unix socket.
std::optional<ip_address> peer_address(const asio::generic::stream_protocol::endpoint& peer);

}  // namespace userinfo::net
