// An unencrypted byte stream on a TCP or unix socket. `tls_stream` has the same functions, so a connection works with
// either.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include "base/task.h"

namespace userinfo::net {

using stream_socket = asio::basic_stream_socket<asio::generic::stream_protocol, io_executor>;

class plain_stream {
public:
    static constexpr bool has_handshake = false;

    // `socket` must be in non-blocking mode.
    explicit plain_stream(stream_socket socket) : socket_(std::move(socket)) {}

    stream_socket& socket() { return socket_; }

    // Returns the number of bytes read, at least one. `room` and `error` must stay valid until the task ends.
    task<std::size_t> read_some(std::span<char> room, boost::system::error_code& error) {
        return socket_.async_read_some(asio::buffer(room.data(), room.size()), asio::redirect_error(use_task, error));
    }

    // Writes what the kernel accepts immediately, which is nearly always everything, and saves the trip through the
    // io_context. Returns the number of bytes written.
    std::size_t write_at_once(std::string_view text) {
        boost::system::error_code error;
        return socket_.write_some(asio::buffer(text), error);
    }

    task<std::size_t> write_all(std::string_view text, boost::system::error_code& error) {
        return asio::async_write(socket_, asio::buffer(text), asio::redirect_error(use_task, error));
    }

    // Tells the client that no more data follows.
    void end_sending() {
        boost::system::error_code gone;
        socket_.shutdown(asio::socket_base::shutdown_send, gone);
    }

private:
    stream_socket socket_;
};

}  // namespace userinfo::net
