// Where a server of gRPC is: "host:port", with the brackets of IPv6, or "unix:/path".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/generic/stream_protocol.hpp>

#include "base/task.h"

namespace userinfo::h2 {

bool is_unix(std::string_view target);

// Whether it cannot be reached from another machine. A name may be anywhere.
bool stays_on_this_machine(std::string_view target);

// Whom its certificate must name: the host, or "localhost" of a unix socket.
std::string host_of(std::string_view target);

// Empty: it leads nowhere.
task<std::vector<asio::generic::stream_protocol::endpoint>> places_of(std::string target);

}  // namespace userinfo::h2
