// The server of the service: answers RPCs by calling a userinfo_service. Also serves health and, if enabled,
// reflection.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "base/task.h"
#include "net/bound_socket.h"
#include "net/tls_certificate.h"
#include "service/userinfo_service.h"

namespace userinfo::rpc {

struct server_settings {
    const net::tls_certificate* certificate = nullptr;  // null: no TLS; must outlive the server
    bool reflection = false;                            // gRPC server reflection: tells any client the contract
};

class server {
public:
    // Serves from now on. Calls run on `contexts`. Health is NOT_SERVING until `set_serving`. All references must
    // outlive it. Throws std::runtime_error if it cannot listen.
    server(net::bound_socket socket, const server_settings& settings, userinfo_service& userinfo, metrics& metrics,
           const std::vector<asio::io_context*>& contexts);

    // Drains without waiting, if that has not been done.
    ~server();

    server(const server&) = delete;
    server& operator=(const server&) = delete;

    // With the actual port.
    std::string address() const;

    // Thread-safe.
    std::size_t open_connections() const;

    void set_serving(bool serving);

    // Accepts no more calls, waits at most `patience` for those in flight, then cancels them and waits until they have
    // ended. Idempotent. The contexts must still run.
    void drain(std::chrono::milliseconds patience);

private:
    class state;
    std::unique_ptr<state> state_;
};

}  // namespace userinfo::rpc
