// The listening sockets that the program was started with, by systemd or by another program that speaks its protocol
// (sd_listen_fds(3)). The starter keeps them open, so clients that connect while the program restarts wait instead of
// being refused. The protocol is three environment variables, so libsystemd is not needed for it.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/file_descriptor.h"
#include "net/address.h"
#include "net/bound_socket.h"

namespace userinfo::net {

class inherited_sockets {
public:
    // Takes over what LISTEN_PID and LISTEN_FDS say, and removes these variables. There are none if LISTEN_PID names
    // another process. Throws std::runtime_error if something else than a listening stream socket was passed. Call it
    // once, and before the program has other threads.
    inherited_sockets();

    // Returns the one that is bound to `where`. The caller owns it from then on.
    std::optional<bound_socket> take(const address& where);

    // The addresses of those that nobody takes who takes each of `wanted` once.
    std::vector<address> besides(std::span<const address> wanted) const;

private:
    struct socket {
        address where;
        file_descriptor descriptor;
    };

    std::vector<socket> sockets_;
};

}  // namespace userinfo::net
