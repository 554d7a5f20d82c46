// What stands in front of userinfo: the gateway with its listener, and the management listener. Of the roles
// `standalone` and `gateway`.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/metrics.h"
#include "gateway/gateway.h"
#include "http/listener.h"
#include "management/management.h"
#include "net/bound_socket.h"
#include "net/io_threads.h"
#include "net/tls_certificate.h"
#include "programs/settings.h"

namespace userinfo::programs {

// Taken before anything else is touched: a second server on the same addresses does not get far. Throws config_error.
struct bound_sockets {
    explicit bound_sockets(const settings& settings);

    net::bound_socket front, back;
};

// How clients find the service that listens there.
std::string public_url_of(const settings& settings, const net::address& front);

// Null if there is none to be. Throws config_error.
std::unique_ptr<net::tls_certificate> load_certificate(const settings& settings);

class front_parts {
public:
    // All must outlive it. `certificate` may be null: no TLS.
    front_parts(const settings& settings, bound_sockets sockets, const net::tls_certificate* certificate,
                userinfo_client& userinfo, metrics& metrics, net::io_threads& threads);

    // Lets requests in, and says so.
    void open();

    // Lets none in any more, and those that run finish. Returns how many connections were cut off.
    std::size_t close();

private:
    const settings& settings_;
    const net::tls_certificate* const certificate_;
    net::io_threads& threads_;
    bound_sockets sockets_;
    const std::string public_url_;
    gateway::gateway gateway_;
    management management_;
    std::optional<http::listener> back_, front_;
};

}  // namespace userinfo::programs
