// TLS on a TCP socket, with the functions of `plain_stream`. It hands the socket's descriptor to OpenSSL and waits with
// Asio: Asio's own ssl::stream puts four buffers of 17 KB between the two for every connection, idle ones too, which
// for 20,000 of them is 1.4 GB.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "net/plain_stream.h"
#include "net/tls_certificate.h"

namespace userinfo::net {

// SIGPIPE must be ignored: OpenSSL writes without MSG_NOSIGNAL.
class tls_stream {
public:
    static constexpr bool has_handshake = true;

    // `socket` is non-blocking; `certificate` must outlive the handshake.
    tls_stream(stream_socket socket, const tls_certificate& certificate)
        : socket_(std::move(socket)), certificate_(certificate) {}
    tls_stream(tls_stream&&) = default;
    tls_stream& operator=(tls_stream&&) = delete;
    // Sends close_notify if it can be sent at once.
    ~tls_stream();

    stream_socket& socket() { return socket_; }

    // Before all else, one of them: the server's handshake, or that of a client who means to speak to `name`. False:
    // there is no agreement, or nobody any more.
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
    tls_session session_;
    bool usable_ = false;  // from the handshake until OpenSSL reports an end
};

}  // namespace userinfo::net
