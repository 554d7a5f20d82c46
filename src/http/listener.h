// An HTTP/1.1 server (RFC 9110, RFC 9112). Each connection stays on one of the io_threads, so a request needs no lock
// and no thread switch.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "base/ip_networks.h"
#include "http/handler.h"
#include "http/limits.h"
#include "net/address.h"
#include "net/bound_socket.h"
#include "net/io_threads.h"
#include "net/refused_connections.h"
#include "net/tls_certificate.h"

namespace userinfo::http {

class listener {
public:
    // Starts accepting. Throws std::runtime_error ("127.0.0.1:8080 is in use") on failure. With a `certificate` it
    // speaks TLS. `refused` counts what the limits refuse: `full` and `source`. The share of a source does not hold for
    // `proxies`, which connect for many clients, and not for a unix socket. `threads`, `handler`, `refused` and
    // `certificate` must outlive the listener. A unix socket's file is removed when accepting stops, unless the socket
    // is inherited.
    listener(net::io_threads& threads, net::bound_socket socket, handler& handler, const limits& limits,
             net::refused_connections& refused, ip_networks proxies = {},
             const net::tls_certificate* certificate = nullptr);
    // Calls `drain` with no patience. Then blocks until the handler's running tasks end, because they use `handler`, or
    // until the threads are stopped. A program therefore stops the threads first.
    ~listener();

    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;

    // The address it listens on, with the actual port.
    net::address local_address() const;

    std::size_t open_connections() const;

    // Graceful shutdown: from now on, replies say `Connection: close`. Connections that stay idle for
    // limits.drain_idle_time are closed. So a proxy learns from a reply that its connection ends, and seldom sends a
    // request on one that is just being closed. Then stops accepting, lets running requests finish, and closes what is
    // left after `patience`. Blocks; must not be called on one of `threads`. Returns how many connections were cut off.
    std::size_t drain(std::chrono::milliseconds patience);

private:
    class state;
    std::shared_ptr<state> state_;
};

}  // namespace userinfo::http
