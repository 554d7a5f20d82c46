// The address that a listener binds to: an IP address with a TCP port, or the path of a unix socket.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace userinfo::net {

// "127.0.0.1:8080", "[::1]:8080", "unix:/run/userinfo/gateway.sock".
struct address {
    std::string host = {};   // numeric, without brackets; empty for a unix socket
    std::uint16_t port = 0;  // 0: any free port
    std::string path = {};   // absolute path of a unix socket; empty for TCP

    // "localhost" means 127.0.0.1. Other names are not resolved. Throws std::invalid_argument with a message for the
    // operator.
    static address parse(std::string_view text);
    std::string to_string() const;
    bool is_loopback() const;
    // True for 0.0.0.0 and [::], which mean all addresses of this machine.
    bool is_unspecified() const;
    bool is_v6() const { return host.contains(':'); }
    bool is_unix() const { return !path.empty(); }

    friend bool operator==(const address&, const address&) = default;
};

}  // namespace userinfo::net
