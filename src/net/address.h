// Where a listener listens: an IP address and a TCP port, or the file of a unix socket.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace userinfo::net {

// "127.0.0.1:8080", "[::1]:8080", "unix:/run/userinfo/gateway.sock".
struct address {
    std::string host = {};   // numeric, without brackets
    std::uint16_t port = 0;  // 0: any free one
    std::string path = {};   // absolute; of a unix socket, which has no host and port

    // "localhost" means 127.0.0.1; other names are not looked up. Throws std::invalid_argument, with a message for the
    // operator.
    static address parse(std::string_view text);
    std::string to_string() const;
    bool is_loopback() const;
    // 0.0.0.0 or [::]: all addresses of this machine.
    bool is_unspecified() const;
    bool is_v6() const { return host.contains(':'); }
    bool is_unix() const { return !path.empty(); }

    friend bool operator==(const address&, const address&) = default;
};

}  // namespace userinfo::net
