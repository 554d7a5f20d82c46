// Takes the connections that arrive at a bound socket, and hands each over as a descriptor.
#pragma once

#include <functional>
#include <memory>

#include <boost/asio/generic/stream_protocol.hpp>

#include "base/file_descriptor.h"
#include "base/task.h"
#include "net/bound_socket.h"

namespace userinfo::net {

// A connection that has just arrived.
struct accepted {
    file_descriptor socket;  // blocking still
    asio::generic::stream_protocol::endpoint peer;
};

class acceptor {
public:
    // Begins to accept on `context`, whose thread calls `take`. Throws std::runtime_error ("127.0.0.1:8080 is in use")
    // if it cannot. `context` must outlive it. When it accepts no more, the file of a unix socket is gone.
    acceptor(asio::io_context& context, bound_socket socket, std::function<void(accepted)> take);
    // Without waiting: `close` is what makes sure that nothing is taken any more.
    ~acceptor();

    acceptor(const acceptor&) = delete;
    acceptor& operator=(const acceptor&) = delete;

    // Where it listens, with the real port.
    const address& local_address() const;

    // From any thread. `take` is not called any more once this is false.
    void close();
    bool is_accepting() const;

private:
    class state;
    std::shared_ptr<state> state_;
};

}  // namespace userinfo::net
