#include "http/listener.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <sys/socket.h>

#include "base/file_descriptor.h"
#include "base/log.h"
#include "http/connection.h"
#include "http/plain_stream.h"
#include "http/tls_stream.h"

namespace userinfo::http {
namespace {

using protocol = asio::generic::stream_protocol;
using namespace std::chrono_literals;

constexpr int accepted_at_once = 64;
constexpr auto accept_pause = 100ms;
constexpr auto poll_interval = 2ms;

struct client {
    file_descriptor socket;
    protocol::endpoint peer;
};

// A client of IPv4 at a socket of IPv6 is named as everywhere else.
std::string to_text(const protocol::endpoint& peer) {
    if (peer.protocol().family() == AF_UNIX) return std::string(unix_peer);
    asio::ip::tcp::endpoint known;
    known.resize(peer.size());
    std::memcpy(known.data(), peer.data(), peer.size());
    const auto address = known.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

template <class Stream>
task<void> serve(std::shared_ptr<connection_set> set, Stream stream, std::string peer_address) {
    connection<Stream> connection(*set, std::move(stream), peer_address);
    co_await connection.serve();
}

void begin_connection(const std::shared_ptr<connection_set>& set, const tls_certificate* certificate, client client) {
    stream_socket socket(set->context());
    boost::system::error_code error;
    socket.assign(client.peer.protocol(), client.socket.number(), error);
    if (error) return set->forget_one();
    client.socket.release();
    socket.non_blocking(true, error);
    auto peer = to_text(client.peer);
    asio::co_spawn(set->context(),
                   certificate == nullptr ? serve(set, plain_stream(std::move(socket)), std::move(peer))
                                          : serve(set, tls_stream(std::move(socket), *certificate), std::move(peer)),
                   [set](const std::exception_ptr& bug) {
                       set->forget_one();
                       if (bug) std::rethrow_exception(bug);
                   });
}

}  // namespace

class listener::state : public std::enable_shared_from_this<state> {
public:
    state(io_threads& threads, bound_socket socket, http::handler& handler, const http::limits& limits,
          const tls_certificate* certificate)
        : limits_(limits),
          certificate_(certificate),
          threads_(threads),
          socket_(std::move(socket)),
          local_address_(socket_->local_address()),
          acceptor_(threads[0]),
          pause_(threads[0]) {
        open_acceptor();
        for (std::size_t i = 0; i < threads.size(); ++i)
            sets_.push_back(std::make_shared<connection_set>(threads[i], handler, limits));
    }

    void begin() {
        asio::post(threads_[0], [self = shared_from_this()] { self->wait_for_clients(); });
    }

    const address& local_address() const { return local_address_; }

    std::size_t open() const { return sum(&connection_set::open); }

    std::size_t drain(std::chrono::milliseconds patience) {
        const auto end = std::chrono::steady_clock::now() + patience;
        asio::post(threads_[0], [self = shared_from_this()] { self->close_acceptor(); });
        // Until then, `open` may still grow.
        wait_until([this] { return !accepting_; });
        for (auto& set : sets_) asio::post(set->context(), [set] { set->drain(); });
        wait_until([this, end] { return open() == 0 || std::chrono::steady_clock::now() >= end; });

        const auto lingering = sum(&connection_set::lingering);
        const auto left = open();
        for (auto& set : sets_) asio::post(set->context(), [set] { set->cut(); });
        return left - std::min(left, lingering);
    }

    void wait_until_empty() const {
        wait_until([this] { return open() == 0; });
    }

private:
    using timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                             io_executor>;
    using acceptor = asio::basic_socket_acceptor<protocol, io_executor>;

    void open_acceptor() {
        const int family = local_address_.is_unix() ? AF_UNIX : local_address_.is_v6() ? AF_INET6 : AF_INET;
        acceptor_.assign(protocol(family, 0), socket_->release());
        boost::system::error_code error;
        acceptor_.listen(asio::socket_base::max_listen_connections, error);
        // Two sockets may be bound to one address; only one of them can listen.
        if (error) throw std::runtime_error(local_address_.to_string() + " is in use");
    }

    // Stopped threads change nothing any more.
    void wait_until(const auto& condition) const {
        while (!threads_.is_stopped() && !condition()) std::this_thread::sleep_for(poll_interval);
    }

    void close_acceptor() {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        socket_.reset();
        pause_.cancel();
        accepting_ = false;
    }

    void wait_for_clients() {
        if (!acceptor_.is_open()) return;
        acceptor_.async_wait(acceptor::wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
            if (!error && self->acceptor_.is_open()) self->accept_waiting();
        });
    }

    void accept_waiting() {
        for (int i = 0; i < accepted_at_once; ++i) {
            protocol::endpoint peer;
            auto size = static_cast<socklen_t>(peer.capacity());
            file_descriptor socket(::accept4(acceptor_.native_handle(), peer.data(), &size, SOCK_CLOEXEC));
            if (socket.number() < 0) {
                if (errno == EAGAIN || errno == EWOULDBLOCK) break;
                if (is_out_of_resources(errno)) return pause_accepting(errno);
                continue;  // that client has gone again (accept(2), "Error handling")
            }
            peer.resize(size);
            hand_over({std::move(socket), peer});
        }
        wait_for_clients();
    }

    static bool is_out_of_resources(int error) {
        return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
    }

    // What is lacking is not there at the next attempt either: without a pause this would spin.
    void pause_accepting(int error) {
        if (!std::exchange(short_of_resources_, true))
            log_error("cannot accept connections", {{"cause", std::string_view(std::strerror(error))}});
        pause_.expires_after(accept_pause);
        pause_.async_wait([self = shared_from_this()](const boost::system::error_code&) { self->wait_for_clients(); });
    }

    void hand_over(client client) {
        if (std::exchange(short_of_resources_, false)) log_info("accepting connections again");
        if (open() >= limits_.connections) return;
        const auto& set = *std::ranges::min_element(sets_, {}, [](const auto& each) { return each->open(); });
        set->expect_one();
        asio::post(set->context(), [set, certificate = certificate_, client = std::move(client)]() mutable {
            if (set->is_draining()) return set->forget_one();
            begin_connection(set, certificate, std::move(client));
        });
    }

    std::size_t sum(std::size_t (connection_set::*count)() const) const {
        std::size_t total = 0;
        for (const auto& set : sets_) total += (*set.*count)();
        return total;
    }

    const http::limits limits_;
    const tls_certificate* const certificate_;
    io_threads& threads_;
    std::vector<std::shared_ptr<connection_set>> sets_;
    std::optional<bound_socket> socket_;  // whose descriptor the acceptor has; its file goes with it
    const address local_address_;
    std::atomic<bool> accepting_ = true;

    // On the first thread only, once `begin` was called.
    acceptor acceptor_;
    timer pause_;
    bool short_of_resources_ = false;
};

listener::listener(io_threads& threads, bound_socket socket, handler& handler, const limits& limits,
                   const tls_certificate* certificate)
    : state_(std::make_shared<state>(threads, std::move(socket), handler, limits, certificate)) {
    state_->begin();
}

listener::~listener() {
    drain(0ms);
    state_->wait_until_empty();
}

address listener::local_address() const { return state_->local_address(); }

std::size_t listener::open_connections() const { return state_->open(); }

std::size_t listener::drain(std::chrono::milliseconds patience) { return state_->drain(patience); }

}  // namespace userinfo::http
