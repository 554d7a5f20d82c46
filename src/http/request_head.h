// Parses the head of a request, from the request line to the empty line (RFC 9112, sections 2 to 6). It is strict: a
// head that two servers read differently allows request smuggling.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string_view>

#include "http/message.h"

namespace userinfo::http {

// How to read the rest of the connection.
struct framing {
    bool keep_alive = false;  // the client may send another request
    bool http_1_0 = false;
    bool chunked = false;
    bool expects_continue = false;  // the client waits for "100 Continue" before it sends the body
    std::uint64_t content_length = 0;
};

// Changes the version of a request line that names a later minor version of HTTP/1 to the one that it is served as, 1.1
// (RFC 9110, section 2.5): parse_head takes no other. Returns whether it did.
bool lower_version(std::span<char> head);

// Parses a complete head, which ends with an empty line. Fills `into` except `body` and what describes the connection.
// Its views point into `head`. Rejections: malformed, version, headers_too_large (more than 100 header fields).
std::expected<framing, rejection> parse_head(std::string_view head, request& into);

}  // namespace userinfo::http
