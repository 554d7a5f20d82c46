#include "h2/server.h"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_set>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/spawn.h"
#include "base/timer.h"
#include "h2/accepted_connection.h"
#include "h2/admission.h"
#include "net/acceptor.h"

namespace userinfo::h2 {

namespace {

using namespace std::chrono_literals;

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
    explicit context_connections(asio::io_context& context) : home(context), timer(context) {}

    asio::io_context& home;
    // On its thread only.
    std::unordered_set<std::shared_ptr<accepted_connection>> connections;
    steady_timer timer;  // for the next look at idle connections
    bool draining = false;
};

}  // namespace

class server::state : public std::enable_shared_from_this<state> {
public:
    state(const net::tls_certificate* certificate, call_handler& handler,
          const std::vector<asio::io_context*>& contexts, net::refused_connections& refused, counter& idle_ended,
          const server_limits& limits)
        : certificate_(certificate),
          handler_(handler),
          idle_ended_(idle_ended),
          limits_(limits),
          admission_(std::make_shared<admission>(limits, refused)) {
        for (auto* const context : contexts) connections_.push_back(std::make_shared<context_connections>(*context));
    }

    void begin(net::bound_socket socket) {
        acceptor_.emplace(connections_.front()->home, std::move(socket), [weak = weak_from_this()](net::accepted peer) {
            if (const auto self = weak.lock()) self->hand_over(std::move(peer));
        });
        for (const auto& each : connections_)
            asio::post(each->home, [weak = weak_from_this(), each] { look_for_idle_ones(weak, each); });
    }

    const net::address& local_address() const { return acceptor_->local_address(); }

    std::size_t open_connections() const { return admission_->open(); }

    void drain(std::chrono::milliseconds patience) {
        if (std::exchange(drained_, true)) return;
        acceptor_->close();
        while (acceptor_->is_accepting()) std::this_thread::sleep_for(poll_interval);
        for_each_connection(&accepted_connection::drain);
        if (live_.wait_for_none(patience)) return;
        for_each_connection(&accepted_connection::close);
        while (!live_.wait_for_none(1h)) {
        }
    }

private:
    // Runs on the acceptor's thread. The io_contexts take turns, because a gateway has one connection for each of its
    // threads.
    void hand_over(net::accepted accepted) {
        auto& to = *connections_[next_++ % connections_.size()];
        const bool shows_certificate = certificate_ != nullptr && certificate_->authenticates_peers();
        auto peer = peer_of(accepted.socket.number(), accepted.peer, shows_certificate);
        const bool is_proven = peer.is_authenticated && !shows_certificate;
        const auto connection = std::make_shared<accepted_connection>(
            to.home, std::move(accepted), std::move(peer), certificate_,
            [this, &to](std::shared_ptr<server_call> call) { answer(to, std::move(call)); },
            [this](const server_call& call) { handler_.ended_unanswered(call); });
        auto place = admission_->admit(connection->source(), is_proven, [weak = std::weak_ptr(connection)] {
            if (const auto it = weak.lock()) it->give_way();
        });
        if (!place) return;
        connection->keep(std::move(place));
        live_.begin();
        asio::post(to.home, [self = shared_from_this(), &to, connection] { self->serve(to, connection); });
    }

    void serve(context_connections& there, const std::shared_ptr<accepted_connection>& connection) {
        if (there.draining) return live_.end();
        there.connections.insert(connection);
        spawn(there.home.get_executor(), "gRPC connection", connection->serve(limits_.proof_time),
              [self = shared_from_this(), &there, connection] {
                  there.connections.erase(connection);
                  self->live_.end();
              });
    }

    void answer(context_connections& there, std::shared_ptr<server_call> call) {
        live_.begin();
        spawn(there.home.get_executor(), "gRPC call", handler_.answer(*call),
              [self = shared_from_this(), call] { self->live_.end(); });
    }

    // Looks round once in `idle_time`. So a connection that carries no call is noticed after this time, or twice as
    // much, and calls need no timer.
    static void look_for_idle_ones(const std::weak_ptr<state>& server,
                                   const std::shared_ptr<context_connections>& there) {
        const auto self = server.lock();
        if (!self || there->draining) return;
        for (const auto& connection : there->connections)
            if (connection->end_if_unused()) self->idle_ended_.add();
        there->timer.expires_after(self->limits_.idle_time);
        there->timer.async_wait([server, there](const boost::system::error_code& stopped) {
            if (!stopped) look_for_idle_ones(server, there);
        });
    }

    // The posted function may run after the server is destroyed, so it captures the connections and not the server.
    void for_each_connection(void (accepted_connection::*act)()) {
        for (const auto& each : connections_) {
            asio::post(each->home, [each, act] {
                each->draining = true;
                each->timer.cancel();
                for (const auto& connection : each->connections) ((*connection).*act)();
            });
        }
    }

    const net::tls_certificate* const certificate_;
    call_handler& handler_;
    counter& idle_ended_;
    const server_limits limits_;
    const std::shared_ptr<admission> admission_;
    live_count live_;
    std::vector<std::shared_ptr<context_connections>> connections_;
    std::optional<net::acceptor> acceptor_;
    std::size_t next_ = 0;
    bool drained_ = false;
};

server::server(net::bound_socket socket, const net::tls_certificate* certificate, call_handler& handler,
               const std::vector<asio::io_context*>& contexts, net::refused_connections& refused, counter& idle_ended,
               const server_limits& limits)
    : state_(std::make_shared<state>(certificate, handler, contexts, refused, idle_ended, limits)) {
    state_->begin(std::move(socket));
}

server::~server() { state_->drain(0ms); }

const net::address& server::local_address() const { return state_->local_address(); }

std::size_t server::open_connections() const { return state_->open_connections(); }

void server::drain(std::chrono::milliseconds patience) { state_->drain(patience); }

}  // namespace userinfo::h2
