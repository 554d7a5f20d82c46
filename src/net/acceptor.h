// Accepts the connections that arrive at a bound socket and hands each one over as a file descriptor.
#pragma once

#include <functional>
#include <memory>

#include <boost/asio/generic/stream_protocol.hpp>

#include "base/file_descriptor.h"
#include "base/task.h"
#include "net/bound_socket.h"

namespace userinfo::net {

// A newly accepted connection.
struct accepted {
    file_descriptor socket;  // still in blocking mode
    asio::generic::stream_protocol::endpoint peer;
};

class acceptor {
public:
    // Starts accepting on `context`. `take` is called on the context's thread. Throws std::runtime_error
    // ("127.0.0.1:8080 is in use") on failure. `context` must outlive the acceptor. A unix socket's file is removed
    // when accepting stops, unless the socket is inherited.
    acceptor(asio::io_context& context, bound_socket socket, std::function<void(accepted)> take);
    // Does not wait. Call `close` and wait until `is_accepting` is false to be sure that `take` is not called again.
    ~acceptor();

    acceptor(const acceptor&) = delete;
    acceptor& operator=(const acceptor&) = delete;

    // The address it listens on, with the actual port.
    const address& local_address() const;

    // Hands over the connections that already wait, then accepts no more. Those that come later wait for the next
    // program if the socket is inherited. Thread-safe. Once `is_accepting` returns false, `take` is not called again.
    void close();
    bool is_accepting() const;

private:
    class state;
    std::shared_ptr<state> state_;
};

}  // namespace userinfo::net
