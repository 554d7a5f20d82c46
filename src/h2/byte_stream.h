// What HTTP/2 is spoken over: a socket as it is, or TLS on it. Which of the two is known at run time only; a few
// connections between programs do not need to know it earlier, as those of http do.
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

    // Before all else. False: the other side is not whom it should be, or gone.
    virtual task<bool> begin() = 0;

    // As of net::plain_stream.
    virtual task<std::size_t> read_some(std::span<char> room, boost::system::error_code& error) = 0;
    virtual std::size_t write_at_once(std::string_view bytes) = 0;
};

// `socket` is connected and non-blocking. With a `certificate`, which must outlive the stream, it speaks TLS: as a
// client to the server `name`, or as a server if there is none.
std::unique_ptr<byte_stream> make_byte_stream(net::stream_socket socket, const net::tls_certificate* certificate,
                                              std::optional<std::string> name = {});

}  // namespace userinfo::h2
