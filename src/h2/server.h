// A server of gRPC: takes connections on several io_contexts, and has their calls answered.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "base/task.h"
#include "h2/server_call.h"
#include "net/address.h"
#include "net/bound_socket.h"
#include "net/tls_certificate.h"

namespace userinfo::h2 {

class server {
public:
    // Serves at once. A connection lives on one of `contexts`. Null `certificate`: no TLS. All of them must outlive the
    // server. Throws std::runtime_error ("127.0.0.1:8090 is in use") if it cannot listen.
    server(net::bound_socket socket, const net::tls_certificate* certificate, call_handler& handler,
           const std::vector<asio::io_context*>& contexts);

    // Drains without waiting, unless that was done.
    ~server();

    server(const server&) = delete;
    server& operator=(const server&) = delete;

    // With the real port.
    const net::address& local_address() const;

    // Takes no more calls, waits at most `patience` for those under way, then cuts them off and waits for their end.
    // Idempotent. Not on a thread of the contexts, which must still run.
    void drain(std::chrono::milliseconds patience);

private:
    class state;
    std::shared_ptr<state> state_;
};

}  // namespace userinfo::h2
