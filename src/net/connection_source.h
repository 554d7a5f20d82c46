// The source (base/source.h) of a connection.
#pragma once

#include <optional>
#include <string>

#include <boost/asio/generic/stream_protocol.hpp>

#include "base/ip_address.h"

namespace userinfo::net {

// Empty for a unix socket: all its peers are one source.
using connection_source = std::optional<ip_address>;

connection_source source_of(const boost::asio::generic::stream_protocol::endpoint& peer);

// An address, or `unix_peer`.
std::string to_string(const connection_source& source);

}  // namespace userinfo::net
