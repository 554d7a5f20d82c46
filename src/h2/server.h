// A gRPC server. It accepts connections on several io_contexts and passes their calls to a handler.
#pragma once

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <vector>

#include "base/metrics.h"
#include "base/task.h"
#include "h2/server_call.h"
#include "h2/server_limits.h"
#include "net/address.h"
#include "net/bound_socket.h"
#include "net/refused_connections.h"
#include "net/tls_certificate.h"

namespace userinfo::h2 {

class server {
public:
    // Why connections are refused or ended.
    static constexpr auto refusals = {net::refusal::full, net::refusal::displaced, net::refusal::unproven};

    // Starts serving. Each connection stays on one of `contexts`. Without a `certificate` (null) there is no TLS.
    // `refused` counts `refusals`, and `idle_ended` the connections that were asked to leave because they carried no
    // call for long. `certificate`, `handler`, `contexts` and both of these must outlive the server. Throws
    // std::runtime_error ("127.0.0.1:8090 is in use") if it cannot listen.
    server(net::bound_socket socket, const net::tls_certificate* certificate, call_handler& handler,
           const std::vector<asio::io_context*>& contexts, net::refused_connections& refused, counter& idle_ended,
           const server_limits& limits = {});

    // Drains with no patience, unless `drain` was called.
    ~server();

    server(const server&) = delete;
    server& operator=(const server&) = delete;

    // With the actual port.
    const net::address& local_address() const;

    // Thread-safe.
    std::size_t open_connections() const;

    // Graceful shutdown: accepts no more calls, waits up to `patience` for running calls, then cuts them off and waits
    // for them to end. Blocks. Idempotent. Must not be called on a thread of `contexts`, which must still run.
    void drain(std::chrono::milliseconds patience);

private:
    class state;
    std::shared_ptr<state> state_;
};

}  // namespace userinfo::h2
