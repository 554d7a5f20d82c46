// A list of IP addresses and networks, as an operator writes it.
#pragma once

#include <string>
#include <vector>

#include "base/ip_address.h"

namespace userinfo {

class ip_networks {
public:
    ip_networks() = default;
    // Each entry is an address or a network: "127.0.0.1", "10.0.0.0/8", "::1". A network has addresses of one family,
    // and an IPv4 address inside an IPv6 one is in networks of IPv4 (base/ip_address.h). Throws std::invalid_argument
    // that names the invalid entry.
    explicit ip_networks(const std::vector<std::string>& entries);

    bool empty() const { return networks_.empty(); }
    bool contains(const ip_address& address) const;

private:
    struct network {
        ip_address base;
        unsigned bits;

        bool contains(const ip_address& address) const;
    };

    static network parse(const std::string& text);

    std::vector<network> networks_;
};

}  // namespace userinfo
