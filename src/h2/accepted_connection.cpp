#include "h2/accepted_connection.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "base/tcp_keepalive.h"

namespace userinfo::h2 {

namespace {

using namespace std::chrono_literals;
using boost::system::error_code;

}  // namespace

accepted_connection::accepted_connection(asio::io_context& home, net::accepted accepted, h2::peer peer,
                                         const net::tls_certificate* certificate,
                                         server_connection::begin_function begin,
                                         server_connection::unanswered_function unanswered)
    : home_(home),
      accepted_(std::move(accepted)),
      peer_(std::move(peer)),
      certificate_(certificate),
      begin_(std::move(begin)),
      unanswered_(std::move(unanswered)),
      socket_(home),
      timer_(home) {}

// HTTP/2 and TLS cost memory. A peer that sends nothing gets none of it.
task<void> accepted_connection::serve(std::chrono::milliseconds proof_time) {
    const auto self = shared_from_this();
    if (closed_ || !open()) co_return;
    limit_proof(proof_time);
    error_code error;
    co_await socket_.async_wait(net::stream_socket::wait_read, asio::redirect_error(use_task, error));
    if (!error && socket_.available(error) > 0) {  // else it has ended
        place_->speak();
        connection_ = std::make_shared<server_connection>(home_.get_executor(), std::move(peer_), std::move(begin_),
                                                          std::move(unanswered_), [this] { proven(); });
        co_await connection_->serve(make_byte_stream(std::move(socket_), certificate_));
    }
    timer_.cancel();
    place_.reset();
}

bool accepted_connection::open() {
    error_code error;
    socket_.assign(accepted_.peer.protocol(), accepted_.socket.number(), error);
    if (error) return false;
    accepted_.socket.release();
    socket_.non_blocking(true, error);
    keep_alive(socket_.native_handle(), {.idle = 30s, .interval = 10s});
    return !error;
}

void accepted_connection::limit_proof(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    timer_.async_wait([weak = weak_from_this()](const error_code& stopped) {
        const auto self = weak.lock();
        if (!self || stopped || !self->place_) return;
        self->place_->expire();
        self->close();
    });
}

void accepted_connection::proven() {
    timer_.cancel();
    if (!place_->prove()) close();
}

void accepted_connection::drain() { connection_ ? connection_->drain() : close(); }

bool accepted_connection::end_if_unused() {
    if (!connection_ || !connection_->is_unused()) return false;
    if (std::exchange(asked_to_leave_, true)) {
        connection_->drain();
        return false;
    }
    connection_->ask_to_leave();
    return true;
}

void accepted_connection::close() {
    closed_ = true;
    if (connection_) return connection_->close();
    error_code ignored;
    socket_.close(ignored);
}

// What the peer has sent may not have been noticed yet.
void accepted_connection::give_way() {
    asio::post(home_, [self = shared_from_this()] {
        if (!self->place_) return;
        error_code error;
        if (!self->connection_ && self->socket_.available(error) > 0) self->place_->speak();
        if (self->place_->must_go()) self->close();
    });
}

}  // namespace userinfo::h2
