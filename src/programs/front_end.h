// The HTTP front of the roles `standalone` and `gateway`: the gateway with its listener, and the management listener.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/metrics.h"
#include "gateway/gateway.h"
#include "http/listener.h"
#include "management/management.h"
#include "net/bound_socket.h"
#include "net/inherited_sockets.h"
#include "net/io_threads.h"
#include "net/refused_connections.h"
#include "net/tls_certificate.h"
#include "programs/settings.h"

namespace userinfo::programs {

struct bound_sockets {
    net::bound_socket front, back;
};

// Call it before anything else is touched, so that a second server on the same addresses fails early. Throws
// config_error.
bound_sockets bind_all(const settings& settings, net::inherited_sockets& inherited);

// The URL under which clients reach the service that listens at `front`.
std::string public_url_of(const settings& settings, const net::address& front);

// Null if TLS is off. Throws config_error.
std::unique_ptr<net::tls_certificate> load_certificate(const settings& settings);

class front_end {
public:
    // The references and `certificate` must outlive it. `certificate` may be null for no TLS. `can_serve` is
    // management's.
    front_end(const settings& settings, bound_sockets sockets, const net::tls_certificate* certificate,
              userinfo_service& userinfo, metrics& metrics, net::io_threads& threads, std::function<bool()> can_serve);

    // Starts to accept requests. Reports ready when it can serve them.
    void open();

    // Graceful shutdown (listener::drain). Returns how many connections were cut off.
    std::size_t close();

private:
    const settings& settings_;
    metrics& metrics_;
    const net::tls_certificate* const certificate_;
    net::io_threads& threads_;
    bound_sockets sockets_;
    const std::string public_url_;
    gateway::gateway gateway_;
    management management_;
    net::refused_connections refused_clients_, refused_operators_;
    // The management listener is destroyed first, because metrics read how many connections the other one has.
    std::optional<http::listener> front_, back_;
};

}  // namespace userinfo::programs
