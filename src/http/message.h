// A request as the listener reads it and a reply as a handler makes it. Knows nothing about users.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ip_address.h"

namespace userinfo::http {

enum class method {
    get,
    head,
    post,
    put,
    delete_,
    options,
    other,    // another one of RFC 9110 and RFC 5789: PATCH, TRACE or CONNECT
    unknown,  // any other one
};

// "other" for the last two.
std::string_view to_string(method method);

// One header field. Both views point into the connection's buffer.
struct header {
    std::string_view name, value;
};

using userinfo::unix_peer;

// Valid until the handler's task ends. All text is as received, not decoded.
struct request {
    http::method method = method::other;
    std::string_view path;   // the path of the target, without the query; begins with '/', or "*" if there is none
    std::string_view query;  // what follows '?', or empty
    std::vector<header> headers;
    std::string_view body;
    std::string_view peer_address;  // of the TCP peer, as base/ip_address.h writes it; or `unix_peer`
    // Returns whether the client has disconnected or closed its sending side. A client that only closed its sending
    // side still gets its reply. Thread-safe until the handler's task ends, and may be copied. Empty if there is no
    // connection.
    std::function<bool()> client_left = {};

    // The value of the first header with that name, compared case-insensitively. Empty if there is none.
    std::string_view header_value(std::string_view name) const;
    // How many headers have that name.
    std::size_t count_headers(std::string_view name) const;
};

struct reply {
    unsigned status = 200;
    std::string_view content_type = "application/json";  // must be a string literal
    std::string body = {};
    // Complete header lines, each with its line end, that are the same in every reply: they cost one copy. Must be a
    // string literal.
    std::string_view fixed_lines = {};
    // Names must be string literals. The listener adds Date, Content-Length, Content-Type and Connection itself, and
    // sends no Server.
    std::vector<std::pair<std::string_view, std::string>> headers = {};
    bool close = false;  // close the connection after this reply
};

// Why the listener itself rejects a request. Each reason has a fixed status.
enum class rejection {
    malformed,          // 400: not HTTP, or ambiguous framing
    target_too_long,    // 414
    headers_too_large,  // 431
    body_too_large,     // 413
    timed_out,          // 408: the request did not arrive completely in time
    unknown_method,     // 501: the method is longer than any that exists
    version,            // 505: not HTTP/1
};

unsigned status_of(rejection why);

}  // namespace userinfo::http
