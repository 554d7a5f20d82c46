// The head of a request, from its request line to the empty line (RFC 9112, sections 2 to 6): parsed strictly, because
// what two servers read differently can be used to smuggle a request past one of them.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "http/message.h"

namespace userinfo::http {

// How the rest of the connection is to be read.
struct framing {
    bool keep_alive = false;  // the client would send another request
    bool http_1_0 = false;
    bool chunked = false;
    bool expects_continue = false;  // it waits for "100 Continue" before it sends the body
    std::uint64_t content_length = 0;
};

// Parses a whole head, which ends with an empty line. Sets all of `into` but `body` and what is the connection's; its
// views point into `head`. Rejections: malformed, version, headers_too_large (over 100 header fields).
std::expected<framing, rejection> parse_head(std::string_view head, request& into);

}  // namespace userinfo::http
