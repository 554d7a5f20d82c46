// An HTTP/1.1 server (RFC 9110, RFC 9112): each connection lives on one of the io_threads, so that a request is served
// without a lock and without a change of thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "http/handler.h"
#include "http/limits.h"
#include "net/address.h"
#include "net/bound_socket.h"
#include "net/io_threads.h"
#include "net/tls_certificate.h"

namespace userinfo::http {

class listener {
public:
    // Begins to accept. Throws std::runtime_error ("127.0.0.1:8080 is in use") if it cannot. With a `certificate` it
    // speaks TLS. All of them must outlive the listener. The file of a unix socket is gone when it accepts no more.
    listener(net::io_threads& threads, net::bound_socket socket, handler& handler, const limits& limits,
             const net::tls_certificate* certificate = nullptr);
    // As `drain` with no time, and waits for the handler's tasks that still run, since they use `handler`: as long as
    // the handler lets them, or until the threads have been stopped. The program stops them first.
    ~listener();

    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;

    // Where it listens, with the real port.
    net::address local_address() const;

    std::size_t open_connections() const;

    // Stops accepting, closes idle connections, lets running requests finish (their replies say `Connection: close`)
    // and closes what is left after `patience`. Blocks the calling thread, which is none of `threads`. Returns how many
    // connections were cut off.
    std::size_t drain(std::chrono::milliseconds patience);

private:
    class state;
    std::shared_ptr<state> state_;
};

}  // namespace userinfo::http
