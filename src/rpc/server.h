// The service's side of gRPC: takes RPCs and calls userinfo; tells its health, and its contract if it is to.
#pragma once

#include <chrono>
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
    const net::tls_certificate* certificate = nullptr;  // null: no TLS. Must outlive the server
    bool reflection = false;                            // gRPC server reflection: the contract, for whoever asks
};

class server {
public:
    // Serves at once, on `contexts`, where the calls run; health says NOT_SERVING until `set_serving`. All that is a
    // reference must outlive it. Throws std::runtime_error if it cannot listen.
    server(net::bound_socket socket, const server_settings& settings, userinfo_service& userinfo, metrics& metrics,
           const std::vector<asio::io_context*>& contexts);

    // Drains without waiting, unless that was done.
    ~server();

    server(const server&) = delete;
    server& operator=(const server&) = delete;

    // With the real port.
    std::string address() const;

    void set_serving(bool serving);

    // Takes no more calls, waits at most `patience` for those under way, then cuts them off and waits for their end.
    // Idempotent. The contexts must still run.
    void drain(std::chrono::milliseconds patience);

private:
    class state;
    std::unique_ptr<state> state_;
};

}  // namespace userinfo::rpc
