// A connection that a server has accepted, from then until its end: first silent, then proving itself, then carrying
// calls.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "base/timer.h"
#include "h2/admission.h"
#include "h2/server_connection.h"
#include "net/acceptor.h"
#include "net/plain_stream.h"
#include "net/tls_certificate.h"

namespace userinfo::h2 {

// Belongs to one io_context. All functions must be called on its thread, except where noted.
class accepted_connection : public std::enable_shared_from_this<accepted_connection> {
public:
    // Without a `certificate` (null) there is no TLS. `certificate` and `home` must outlive the connection. May be
    // called on any thread.
    accepted_connection(asio::io_context& home, net::accepted accepted, h2::peer peer,
                        const net::tls_certificate* certificate, server_connection::begin_function begin,
                        server_connection::unanswered_function unanswered);

    // Keeps its place until it ends. Call it before `serve`.
    void keep(std::unique_ptr<admission::place> place) { place_ = std::move(place); }

    // Runs until either side ends the connection. The peer has `proof_time` to prove itself.
    task<void> serve(std::chrono::milliseconds proof_time);

    // Graceful shutdown: accepts no more calls, and closes when the last running call has ended.
    void drain();
    void close();
    // Gives its place to another one, unless its peer has spoken or proven itself meanwhile. Thread-safe.
    void give_way();

    // To be called now and then. If the connection carries no call, and has carried none since the last time, the peer
    // is asked to leave. If it is still there and unused the next time, the connection ends. Returns whether the peer
    // was asked.
    bool end_if_unused();

    net::connection_source source() const { return net::source_of(accepted_.peer); }

private:
    bool open();
    void limit_proof(std::chrono::milliseconds time);
    void proven();

    asio::io_context& home_;
    net::accepted accepted_;  // its socket until `serve`
    h2::peer peer_;           // until the peer has spoken
    const net::tls_certificate* const certificate_;
    server_connection::begin_function begin_;
    server_connection::unanswered_function unanswered_;
    std::unique_ptr<admission::place> place_;
    net::stream_socket socket_;  // while the peer is silent
    steady_timer timer_;
    std::shared_ptr<server_connection> connection_;  // null while the peer is silent
    bool closed_ = false;
    bool asked_to_leave_ = false;
};

}  // namespace userinfo::h2
