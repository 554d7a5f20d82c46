// Where a host and a port lead to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include "base/task.h"

namespace userinfo {

// `host` is an address, which is asked nobody, or a name. Empty if that leads nowhere.
task<std::vector<asio::ip::tcp::endpoint>> resolve(std::string host, std::uint16_t port);

}  // namespace userinfo
