#include "http/listener.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/post.hpp>

#include "base/spawn.h"
#include "http/connection.h"
#include "net/acceptor.h"
#include "net/peer_address.h"
#include "net/plain_stream.h"
#include "net/source_shares.h"
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

// The open connections of each source. Thread-safe.
class open_by_source {
public:
    explicit open_by_source(std::size_t share) : shares_(share) {}

    std::optional<net::source_shares::entry> add(const net::connection_source& source) {
        const std::scoped_lock lock(mutex_);
        return shares_.add(source);
    }

    void remove(net::source_shares::entry entry) {
        const std::scoped_lock lock(mutex_);
        shares_.remove(entry);
    }

private:
    std::mutex mutex_;
    net::source_shares shares_;
};

// Counts a connection as open for as long as this object lives.
class place {
public:
    place(std::shared_ptr<connection_set> set, std::shared_ptr<open_by_source> sources,
          std::optional<net::source_shares::entry> source)
        : set_(std::move(set)), sources_(std::move(sources)), source_(source) {
        set_->expect_one();
    }
    ~place() {
        if (!set_) return;
        if (source_) sources_->remove(*source_);
        set_->forget_one();
    }

    place(place&&) = default;
    place& operator=(place&&) = delete;

    const std::shared_ptr<connection_set>& set() const { return set_; }

private:
    std::shared_ptr<connection_set> set_;
    std::shared_ptr<open_by_source> sources_;
    std::optional<net::source_shares::entry> source_;  // empty for those whose source has no limit
};

template <class Stream>
task<void> serve(std::shared_ptr<connection_set> set, Stream stream, std::string peer_address) {
    connection<Stream> connection(*set, std::move(stream), peer_address);
    co_await connection.serve();
}

void begin_connection(place place, const net::tls_certificate* certificate, net::accepted client) {
    const auto set = place.set();
    net::stream_socket socket(set->context());
    boost::system::error_code error;
    socket.assign(client.peer.protocol(), client.socket.number(), error);
    if (error) return;
    client.socket.release();
    socket.non_blocking(true, error);
    auto peer = to_text(client.peer);
    spawn(set->context().get_executor(), "HTTP connection",
          certificate == nullptr ? serve(set, net::plain_stream(std::move(socket)), std::move(peer))
                                 : serve(set, net::tls_stream(std::move(socket), *certificate), std::move(peer)),
          [place = std::move(place)]() mutable { const auto ended = std::move(place); });
}

}  // namespace

class listener::state : public std::enable_shared_from_this<state> {
public:
    state(net::io_threads& threads, http::handler& handler, const http::limits& limits,
          net::refused_connections& refused, ip_networks proxies, const net::tls_certificate* certificate)
        : limits_(limits),
          refused_(refused),
          proxies_(std::move(proxies)),
          certificate_(certificate),
          threads_(threads),
          sources_(std::make_shared<open_by_source>(limits.connections_per_source)) {
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
        auto place = find_place(client.peer);
        if (!place) return;
        auto& context = place->set()->context();
        asio::post(context,
                   [place = std::move(*place), certificate = certificate_, client = std::move(client)]() mutable {
                       if (!place.set()->is_cut()) begin_connection(std::move(place), certificate, std::move(client));
                   });
    }

    // Empty if the connection is refused.
    std::optional<place> find_place(const protocol::endpoint& peer) {
        const auto source = net::source_of(peer);
        if (open() >= limits_.connections) {
            refused_.count(net::refusal::full, source);
            return std::nullopt;
        }
        std::optional<net::source_shares::entry> counted;
        if (const auto address = net::peer_address(peer); address && !proxies_.contains(*address)) {
            counted = sources_->add(source);
            if (!counted) {
                refused_.count(net::refusal::source, source);
                return std::nullopt;
            }
        }
        const auto& set = *std::ranges::min_element(sets_, {}, [](const auto& each) { return each->open(); });
        return std::optional<place>(std::in_place, set, sources_, counted);
    }

    std::size_t sum(std::size_t (connection_set::*count)() const) const {
        std::size_t total = 0;
        for (const auto& set : sets_) total += (*set.*count)();
        return total;
    }

    const http::limits limits_;
    net::refused_connections& refused_;
    const ip_networks proxies_;
    const net::tls_certificate* const certificate_;
    net::io_threads& threads_;
    const std::shared_ptr<open_by_source> sources_;
    std::vector<std::shared_ptr<connection_set>> sets_;
    std::optional<net::acceptor> acceptor_;
};

listener::listener(net::io_threads& threads, net::bound_socket socket, handler& handler, const limits& limits,
                   net::refused_connections& refused, ip_networks proxies, const net::tls_certificate* certificate)
    : state_(std::make_shared<state>(threads, handler, limits, refused, std::move(proxies), certificate)) {
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
