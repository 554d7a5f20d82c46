// Resolves a host and a port to endpoints.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include "base/task.h"

namespace userinfo {

// `host` is a name or a numeric address, which is used without a DNS query. Empty if the name cannot be resolved.
task<std::vector<asio::ip::tcp::endpoint>> resolve(std::string host, std::uint16_t port);

}  // namespace userinfo
