// Finds the address of a client behind proxies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ip_networks.h"
#include "gateway/forwarded.h"
#include "http/message.h"

namespace userinfo::gateway {

// Believes what `header` says only from the configured proxies, and from peers on a unix socket.
class client_address {
public:
    // Throws std::invalid_argument as `ip_networks` does.
    explicit client_address(const std::vector<std::string>& trusted_proxies,
                            forwarded_header header = forwarded_header::x_forwarded_for);

    // Returns the peer; if that is a trusted proxy, the rightmost hop that is not, or the one before a hop without an
    // address. A peer on a unix socket that names no client is `unix_peer`.
    std::string of(const http::request& request) const;

private:
    const ip_networks trusted_;
    const forwarded_header header_;
};

}  // namespace userinfo::gateway
