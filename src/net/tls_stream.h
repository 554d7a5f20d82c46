// TLS on a TCP socket, with the functions of `plain_stream`. OpenSSL uses the socket directly, because Asio's
// ssl::stream keeps four buffers of 17 KB per connection, idle ones too: 1.4 GB for 20,000 connections.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "net/plain_stream.h"
#include "net/tls_certificate.h"

namespace userinfo::net {

// SIGPIPE must be ignored, because OpenSSL writes without MSG_NOSIGNAL.
class tls_stream {
public:
    static constexpr bool has_handshake = true;

    // `socket` must be in non-blocking mode. `certificate` must outlive the handshake.
    tls_stream(stream_socket socket, const tls_certificate& certificate)
        : socket_(std::move(socket)), certificate_(certificate) {}
    tls_stream(tls_stream&&) = default;
    tls_stream& operator=(tls_stream&&) = delete;
    // Sends close_notify if that does not block.
    ~tls_stream();

    stream_socket& socket() { return socket_; }

    // Call one of them first: the server's handshake, or a client's handshake with the server `name`. Returns false if
    // the handshake fails or the peer is gone.
    task<bool> handshake();
    task<bool> handshake(std::string name);

    task<std::size_t> read_some(std::span<char> room, boost::system::error_code& error);
    std::size_t write_at_once(std::string_view text);
    task<std::size_t> write_all(std::string_view text, boost::system::error_code& error);
    void end_sending();

private:
    enum class outcome { done, wants_read, wants_write, over };

    template <class Call>
    outcome attempt(Call call);
    template <class Call>
    task<void> perform(Call call, boost::system::error_code& error);
    task<bool> perform_handshake();
    void notify_close();

    stream_socket socket_;
    const tls_certificate& certificate_;
    tls_connection connection_;
    bool usable_ = false;  // from the handshake until OpenSSL reports the end of the stream
};

}  // namespace userinfo::net
