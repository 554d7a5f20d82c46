#include "http/listener.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <vector>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/post.hpp>

#include "base/spawn.h"
#include "http/connection.h"
#include "net/acceptor.h"
#include "net/peer_address.h"
#include "net/plain_stream.h"
#include "net/tls_stream.h"

namespace userinfo::http {
namespace {

using protocol = asio::generic::stream_protocol;
using namespace std::chrono_literals;

constexpr auto poll_interval = 2ms;

std::string to_text(const protocol::endpoint& peer) {
    const auto address = net::peer_address(peer);
    return address ? address->to_string() : std::string(unix_peer);
}

template <class Stream>
task<void> serve(std::shared_ptr<connection_set> set, Stream stream, std::string peer_address) {
    connection<Stream> connection(*set, std::move(stream), peer_address);
    co_await connection.serve();
}

void begin_connection(const std::shared_ptr<connection_set>& set, const net::tls_certificate* certificate,
                      net::accepted client) {
    net::stream_socket socket(set->context());
    boost::system::error_code error;
    socket.assign(client.peer.protocol(), client.socket.number(), error);
    if (error) return set->forget_one();
    client.socket.release();
    socket.non_blocking(true, error);
    auto peer = to_text(client.peer);
    spawn(set->context().get_executor(), "HTTP connection",
          certificate == nullptr ? serve(set, net::plain_stream(std::move(socket)), std::move(peer))
                                 : serve(set, net::tls_stream(std::move(socket), *certificate), std::move(peer)),
          [set] { set->forget_one(); });
}

}  // namespace

class listener::state : public std::enable_shared_from_this<state> {
public:
    state(net::io_threads& threads, http::handler& handler, const http::limits& limits,
          const net::tls_certificate* certificate)
        : limits_(limits), certificate_(certificate), threads_(threads) {
        for (std::size_t i = 0; i < threads.size(); ++i)
            sets_.push_back(std::make_shared<connection_set>(threads[i], handler, limits));
    }

    void begin(net::bound_socket socket) {
        acceptor_.emplace(threads_[0], std::move(socket), [weak = weak_from_this()](net::accepted client) {
            if (const auto self = weak.lock()) self->hand_over(std::move(client));
        });
    }

    const net::address& local_address() const { return acceptor_->local_address(); }

    std::size_t open() const { return sum(&connection_set::open); }

    std::size_t drain(std::chrono::milliseconds patience) {
        const auto begin = std::chrono::steady_clock::now();
        const auto idle_time = std::min(limits_.drain_idle_time, patience / 2);
        for (auto& set : sets_) asio::post(set->context(), [set, idle_time] { set->drain(idle_time); });
        // Meanwhile it accepts, so that nobody waits for the idle connections.
        wait_until_empty_or(begin + idle_time);
        acceptor_->close();
        // Until then, `open` may still grow.
        wait_until([this] { return !acceptor_->is_accepting(); });
        wait_until_empty_or(begin + patience);

        const auto lingering = sum(&connection_set::lingering);
        const auto left = open();
        for (auto& set : sets_) asio::post(set->context(), [set] { set->cut(); });
        return left - std::min(left, lingering);
    }

    void wait_until_empty() const {
        wait_until([this] { return open() == 0; });
    }

private:
    void wait_until_empty_or(std::chrono::steady_clock::time_point end) const {
        wait_until([this, end] { return open() == 0 || std::chrono::steady_clock::now() >= end; });
    }

    // Once the threads are stopped, nothing changes any more.
    void wait_until(const auto& condition) const {
        while (!threads_.is_stopped() && !condition()) std::this_thread::sleep_for(poll_interval);
    }

    void hand_over(net::accepted client) {
        if (open() >= limits_.connections) return;
        const auto& set = *std::ranges::min_element(sets_, {}, [](const auto& each) { return each->open(); });
        set->expect_one();
        asio::post(set->context(), [set, certificate = certificate_, client = std::move(client)]() mutable {
            if (set->is_cut()) return set->forget_one();
            begin_connection(set, certificate, std::move(client));
        });
    }

    std::size_t sum(std::size_t (connection_set::*count)() const) const {
        std::size_t total = 0;
        for (const auto& set : sets_) total += (*set.*count)();
        return total;
    }

    const http::limits limits_;
    const net::tls_certificate* const certificate_;
    net::io_threads& threads_;
    std::vector<std::shared_ptr<connection_set>> sets_;
    std::optional<net::acceptor> acceptor_;
};

listener::listener(net::io_threads& threads, net::bound_socket socket, handler& handler, const limits& limits,
                   const net::tls_certificate* certificate)
    : state_(std::make_shared<state>(threads, handler, limits, certificate)) {
    state_->begin(std::move(socket));
}

listener::~listener() {
    drain(0ms);
    state_->wait_until_empty();
}

net::address listener::local_address() const { return state_->local_address(); }

std::size_t listener::open_connections() const { return state_->open(); }

std::size_t listener::drain(std::chrono::milliseconds patience) { return state_->drain(patience); }

}  // namespace userinfo::http
