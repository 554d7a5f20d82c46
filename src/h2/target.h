// The address of a gRPC server: "host:port", with brackets around IPv6 addresses, or "unix:/path".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/generic/stream_protocol.hpp>

#include "base/task.h"

namespace userinfo::h2 {

bool is_unix(std::string_view target);

// Whether no other machine can reach it. A host name counts as reachable.
bool stays_on_this_machine(std::string_view target);

// The name that the server's certificate must have: the host, or "localhost" for a unix socket.
std::string host_of(std::string_view target);

// Resolves the target. Empty if there is no address.
task<std::vector<asio::generic::stream_protocol::endpoint>> places_of(std::string target);

}  // namespace userinfo::h2
