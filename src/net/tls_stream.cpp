#include "net/tls_stream.h"

#include <boost/asio/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace userinfo::net {

tls_stream::~tls_stream() { notify_close(); }

task<bool> tls_stream::handshake() {
    boost::system::error_code error;
    // A client that sends nothing costs no memory of OpenSSL.
    co_await socket_.async_wait(stream_socket::wait_read, asio::redirect_error(use_task, error));
    if (error || !socket_.is_open()) co_return false;
    connection_ = certificate_.new_connection(socket_.native_handle());
    co_return co_await perform_handshake();
}

task<bool> tls_stream::handshake(std::string name) {
    connection_ = certificate_.new_connection(socket_.native_handle(), name);
    if (!co_await perform_handshake()) co_return false;
    co_return certificate_.is_agreed(connection_);
}

task<bool> tls_stream::perform_handshake() {
    usable_ = connection_ != nullptr;
    boost::system::error_code error;
    co_await perform([this] { return SSL_do_handshake(connection_.get()); }, error);
    co_return !error;
}

task<std::size_t> tls_stream::read_some(std::span<char> room, boost::system::error_code& error) {
    std::size_t size = 0;
    co_await perform([&] { return SSL_read_ex(connection_.get(), room.data(), room.size(), &size); }, error);
    co_return size;
}

std::size_t tls_stream::write_at_once(std::string_view text) {
    std::size_t written = 0;
    for (std::size_t size = 0; written < text.size(); written += size) {
        const auto rest = text.substr(written);
        if (attempt([&] { return SSL_write_ex(connection_.get(), rest.data(), rest.size(), &size); }) != outcome::done)
            break;
    }
    return written;
}

task<std::size_t> tls_stream::write_all(std::string_view text, boost::system::error_code& error) {
    std::size_t written = 0;
    error = {};
    while (!error && written < text.size()) {
        const auto rest = text.substr(written);
        std::size_t size = 0;
        co_await perform([&] { return SSL_write_ex(connection_.get(), rest.data(), rest.size(), &size); }, error);
        written += size;
    }
    co_return written;
}

void tls_stream::end_sending() {
    notify_close();
    usable_ = false;
    boost::system::error_code gone;
    socket_.shutdown(asio::socket_base::shutdown_send, gone);
}

// RFC 8446, section 6.1: without it the client cannot tell this end from a truncation attack.
void tls_stream::notify_close() {
    if (connection_ && SSL_is_init_finished(connection_.get()) == 1)
        attempt([this] { return SSL_shutdown(connection_.get()); });
}

// OpenSSL only knows the descriptor's number. After the socket is closed, the number may belong to another one.
template <class Call>
auto tls_stream::attempt(Call call) -> outcome {
    if (!usable_ || !socket_.is_open()) return outcome::over;
    ERR_clear_error();
    const int returned = call();
    if (returned > 0) return outcome::done;
    switch (SSL_get_error(connection_.get(), returned)) {
        case SSL_ERROR_WANT_READ: return outcome::wants_read;
        case SSL_ERROR_WANT_WRITE: return outcome::wants_write;
        case SSL_ERROR_ZERO_RETURN: return outcome::over;  // the peer's close_notify, which is answered
        default: usable_ = false; return outcome::over;
    }
}

// A client that breaks the protocol counts as gone. That is an end of the stream and not logged.
template <class Call>
task<void> tls_stream::perform(Call call, boost::system::error_code& error) {
    for (;;) {
        auto event = stream_socket::wait_read;
        switch (attempt(call)) {
            case outcome::done: error = {}; co_return;
            case outcome::over: error = asio::error::eof; co_return;
            case outcome::wants_write: event = stream_socket::wait_write; break;
            case outcome::wants_read: break;
        }
        co_await socket_.async_wait(event, asio::redirect_error(use_task, error));
        if (error) co_return;
    }
}

}  // namespace userinfo::net
