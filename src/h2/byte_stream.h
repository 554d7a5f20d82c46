// The byte stream under an HTTP/2 connection: a plain socket, or TLS on it. Which one is decided at run time, because
// there are too few of these connections to justify a template as in `http`.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/task.h"
#include "net/plain_stream.h"
#include "net/tls_certificate.h"

namespace userinfo::h2 {

class byte_stream {
public:
    virtual ~byte_stream() = default;

    virtual net::stream_socket& socket() = 0;

    // Must be called first. Returns false if the handshake fails or the peer is gone.
    virtual task<bool> begin() = 0;

    // These work like net::plain_stream's.
    virtual task<std::size_t> read_some(std::span<char> room, boost::system::error_code& error) = 0;
    virtual std::size_t write_at_once(std::string_view bytes) = 0;
};

// `socket` must be connected and in non-blocking mode. With a `certificate`, which must outlive the stream, it speaks
// TLS: as a client of the server `name`, or as a server if `name` is empty.
std::unique_ptr<byte_stream> make_byte_stream(net::stream_socket socket, const net::tls_certificate* certificate,
                                              std::optional<std::string> name = {});

}  // namespace userinfo::h2
