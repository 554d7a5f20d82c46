// Finds the address of a client behind proxies.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace userinfo::gateway {

// Trusts `X-Forwarded-For` only from the configured proxies, and from peers on a unix socket.
class client_address {
public:
    // Each entry is an address or a network: "127.0.0.1", "10.0.0.0/8", "::1". Throws std::invalid_argument that
    // names the invalid entry.
    explicit client_address(const std::vector<std::string>& trusted_proxies);
    ~client_address();

    // Returns the peer; if that is a trusted proxy, the rightmost hop of X-Forwarded-For that is not. A peer on a unix
    // socket that names no client is http::unix_peer.
    std::string of(const http::request& request) const;

private:
    class network;

    bool is_trusted(std::string_view address) const;

    std::vector<network> trusted_;
};

}  // namespace userinfo::gateway
