#include "h2/server.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_set>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include "base/spawn.h"
#include "base/tcp_keepalive.h"
#include "h2/server_connection.h"
#include "net/acceptor.h"

namespace userinfo::h2 {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_connections = 1'024;
constexpr auto poll_interval = 2ms;

// Counts connections and running answers, to wait for their end.
class live_count {
public:
    void begin() {
        const std::scoped_lock lock(mutex_);
        ++count_;
    }

    void end() {
        const std::scoped_lock lock(mutex_);
        if (--count_ == 0) none_.notify_all();
    }

    bool wait_for_none(std::chrono::milliseconds patience) {
        std::unique_lock lock(mutex_);
        return none_.wait_for(lock, patience, [this] { return count_ == 0; });
    }

private:
    std::mutex mutex_;
    std::condition_variable none_;
    std::size_t count_ = 0;
};

// The connections of one io_context.
struct context_connections {
    explicit context_connections(asio::io_context& context) : home(context) {}

    asio::io_context& home;
    // On its thread only.
    std::unordered_set<std::shared_ptr<server_connection>> connections;
    bool draining = false;
};

}  // namespace

class server::state : public std::enable_shared_from_this<state> {
public:
    state(const net::tls_certificate* certificate, call_handler& handler,
          const std::vector<asio::io_context*>& contexts)
        : certificate_(certificate), handler_(handler) {
        for (auto* const context : contexts) connections_.push_back(std::make_shared<context_connections>(*context));
    }

    void begin(net::bound_socket socket) {
        acceptor_.emplace(connections_.front()->home, std::move(socket), [weak = weak_from_this()](net::accepted peer) {
            if (const auto self = weak.lock()) self->hand_over(std::move(peer));
        });
    }

    const net::address& local_address() const { return acceptor_->local_address(); }

    std::size_t open_connections() const { return open_; }

    void drain(std::chrono::milliseconds patience) {
        if (std::exchange(drained_, true)) return;
        acceptor_->close();
        while (acceptor_->is_accepting()) std::this_thread::sleep_for(poll_interval);
        for_each_connection(&server_connection::drain);
        if (live_.wait_for_none(patience)) return;
        for_each_connection(&server_connection::close);
        while (!live_.wait_for_none(1h)) {
        }
    }

private:
    // Runs on the acceptor's thread. The io_contexts take turns, because a gateway has one connection for each of its
    // threads.
    void hand_over(net::accepted peer) {
        if (open_ >= most_connections) return;
        auto& to = *connections_[next_++ % connections_.size()];
        live_.begin();
        ++open_;
        asio::post(to.home, [self = shared_from_this(), &to, peer = std::move(peer)]() mutable {
            self->take(to, std::move(peer));
        });
    }

    void take(context_connections& there, net::accepted peer) {
        net::stream_socket socket(there.home);
        boost::system::error_code error;
        socket.assign(peer.peer.protocol(), peer.socket.number(), error);
        if (!error) peer.socket.release();
        if (!error) socket.non_blocking(true, error);
        if (error || there.draining) return end();
        keep_alive(socket.native_handle(), {.idle = 30s, .interval = 10s});
        const bool shows_certificate = certificate_ != nullptr && certificate_->authenticates_peers();
        const auto connection = std::make_shared<server_connection>(
            there.home.get_executor(), peer_of(socket.native_handle(), peer.peer, shows_certificate),
            [this, &there](std::shared_ptr<server_call> call) { answer(there, std::move(call)); });
        there.connections.insert(connection);
        spawn(there.home.get_executor(), "gRPC connection",
              connection->serve(make_byte_stream(std::move(socket), certificate_)),
              [self = shared_from_this(), &there, connection] {
                  there.connections.erase(connection);
                  self->end();
              });
    }

    // Called when a connection ends.
    void end() {
        --open_;
        live_.end();
    }

    void answer(context_connections& there, std::shared_ptr<server_call> call) {
        live_.begin();
        spawn(there.home.get_executor(), "gRPC call", handler_.answer(*call),
              [self = shared_from_this(), call] { self->live_.end(); });
    }

    // The posted function may run after the server is destroyed, so it captures the connections and not the server.
    void for_each_connection(void (server_connection::*act)()) {
        for (const auto& each : connections_) {
            asio::post(each->home, [each, act] {
                each->draining = true;
                for (const auto& connection : each->connections) ((*connection).*act)();
            });
        }
    }

    const net::tls_certificate* const certificate_;
    call_handler& handler_;
    live_count live_;
    std::atomic<std::size_t> open_ = 0;  // connections only
    std::vector<std::shared_ptr<context_connections>> connections_;
    std::optional<net::acceptor> acceptor_;
    std::size_t next_ = 0;
    bool drained_ = false;
};

server::server(net::bound_socket socket, const net::tls_certificate* certificate, call_handler& handler,
               const std::vector<asio::io_context*>& contexts)
    : state_(std::make_shared<state>(certificate, handler, contexts)) {
    state_->begin(std::move(socket));
}

server::~server() { state_->drain(0ms); }

const net::address& server::local_address() const { return state_->local_address(); }

std::size_t server::open_connections() const { return state_->open_connections(); }

void server::drain(std::chrono::milliseconds patience) { state_->drain(patience); }

}  // namespace userinfo::h2
