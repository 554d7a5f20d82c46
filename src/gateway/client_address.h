// The address of a client behind proxies.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace userinfo::gateway {

// Believes `X-Forwarded-For` only from the proxies that it is told to trust, and from whoever may open a unix socket.
class client_address {
public:
    // Each an address or a network: "127.0.0.1", "10.0.0.0/8", "::1". Throws std::invalid_argument that names a bad
    // one.
    explicit client_address(const std::vector<std::string>& trusted_proxies);
    ~client_address();

    // The peer itself; if that is a trusted proxy, the rightmost hop of X-Forwarded-For that is not. One that came by a
    // unix socket and names no client is http::unix_peer.
    std::string of(const http::request& request) const;

private:
    class network;

    bool is_trusted(std::string_view address) const;

    std::vector<network> trusted_;
};

}  // namespace userinfo::gateway
