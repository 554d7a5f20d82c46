// Finds the address of a client behind proxies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "gateway/forwarded.h"
#include "http/message.h"

namespace userinfo::gateway {

// Believes what `header` says only from the configured proxies, and from peers on a unix socket.
class client_address {
public:
    // Each entry is an address or a network: "127.0.0.1", "10.0.0.0/8", "::1". A network has addresses of one family,
    // and an IPv4 address inside an IPv6 one is in networks of IPv4 (base/ip_address.h). Throws std::invalid_argument
    // that names the invalid entry.
    explicit client_address(const std::vector<std::string>& trusted_proxies,
                            forwarded_header header = forwarded_header::x_forwarded_for);

    // Returns the peer; if that is a trusted proxy, the rightmost hop that is not, or the one before a hop without an
    // address. A peer on a unix socket that names no client is `unix_peer`.
    std::string of(const http::request& request) const;

private:
    struct network {
        ip_address base;
        unsigned bits;

        bool contains(const ip_address& address) const;
    };

    static network parse_network(const std::string& text);
    bool is_trusted(const ip_address& address) const;

    std::vector<network> trusted_;
    const forwarded_header header_;
};

}  // namespace userinfo::gateway
