#include "net/acceptor.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/post.hpp>
#include <sys/socket.h>

#include "base/log.h"
#include "base/timer.h"

namespace userinfo::net {
namespace {

using protocol = asio::generic::stream_protocol;
using namespace std::chrono_literals;

constexpr int accepted_at_once = 64;
constexpr int accepted_at_the_end = asio::socket_base::max_listen_connections;
constexpr auto accept_pause = 100ms;

bool is_out_of_resources(int error) {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

class acceptor::state : public std::enable_shared_from_this<state> {
public:
    state(asio::io_context& context, bound_socket socket, std::function<void(accepted)> take)
        : context_(context),
          take_(std::move(take)),
          socket_(std::move(socket)),
          local_address_(socket_->local_address()),
          acceptor_(context),
          pause_(context) {
        const int family = local_address_.is_unix() ? AF_UNIX : local_address_.is_v6() ? AF_INET6 : AF_INET;
        acceptor_.assign(protocol(family, 0), socket_->release());
        boost::system::error_code error;
        acceptor_.listen(asio::socket_base::max_listen_connections, error);
        // Two sockets can be bound to one address, but only one of them can listen.
        if (error) throw std::runtime_error(local_address_.to_string() + " is in use");
    }

    void begin() {
        asio::post(context_, [self = shared_from_this()] { self->wait_for_peers(); });
    }

    void close_soon() {
        asio::post(context_, [self = shared_from_this()] { self->close(); });
    }

    const address& local_address() const { return local_address_; }
    bool is_accepting() const { return accepting_; }

private:
    using socket_acceptor = asio::basic_socket_acceptor<protocol, io_executor>;

    void close() {
        if (!accepting_) return;
        socket_.reset();  // nobody finds the file of a unix socket any more
        // A socket that is closed resets the connections that wait.
        accept_up_to(accepted_at_the_end);
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        pause_.cancel();
        accepting_ = false;
    }

    void wait_for_peers() {
        if (!acceptor_.is_open()) return;
        acceptor_.async_wait(socket_acceptor::wait_read,
                             [self = shared_from_this()](const boost::system::error_code& error) {
                                 if (!error && self->acceptor_.is_open()) self->accept_waiting();
                             });
    }

    void accept_waiting() {
        const int error = accept_up_to(accepted_at_once);
        is_out_of_resources(error) ? pause_accepting(error) : wait_for_peers();
    }

    // Returns the error that ended it early, or 0.
    int accept_up_to(int most) {
        for (int i = 0; i < most; ++i) {
            protocol::endpoint peer;
            auto size = static_cast<socklen_t>(peer.capacity());
            file_descriptor socket(::accept4(acceptor_.native_handle(), peer.data(), &size, SOCK_CLOEXEC));
            if (socket.number() < 0) {
                if (errno == EAGAIN || errno == EWOULDBLOCK || is_out_of_resources(errno)) return errno;
                continue;  // that peer is gone again (accept(2), "Error handling")
            }
            peer.resize(size);
            if (std::exchange(short_of_resources_, false)) log_info("accepting connections again");
            take_({std::move(socket), peer});
        }
        return 0;
    }

    // The resource will still be missing at the next attempt. Without a pause this would spin.
    void pause_accepting(int error) {
        if (!std::exchange(short_of_resources_, true))
            log_error("cannot accept connections", {{"cause", std::string_view(std::strerror(error))}});
        pause_.expires_after(accept_pause);
        pause_.async_wait([self = shared_from_this()](const boost::system::error_code&) { self->wait_for_peers(); });
    }

    asio::io_context& context_;
    const std::function<void(accepted)> take_;
    std::optional<bound_socket> socket_;  // the acceptor has its descriptor; it still owns the socket file
    const address local_address_;
    std::atomic<bool> accepting_ = true;

    // Used on the context's thread only, once `begin` was called.
    socket_acceptor acceptor_;
    steady_timer pause_;
    bool short_of_resources_ = false;
};

acceptor::acceptor(asio::io_context& context, bound_socket socket, std::function<void(accepted)> take)
    : state_(std::make_shared<state>(context, std::move(socket), std::move(take))) {
    state_->begin();
}

acceptor::~acceptor() { close(); }

const address& acceptor::local_address() const { return state_->local_address(); }

void acceptor::close() { state_->close_soon(); }

bool acceptor::is_accepting() const { return state_->is_accepting(); }

}  // namespace userinfo::net
