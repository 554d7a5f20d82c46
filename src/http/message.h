// A request as the listener read it, and a reply as a handler made it. Knows nothing of users.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace userinfo::http {

enum class method { get, head, post, put, delete_, options, other };

std::string_view to_string(method method);

// One header field; both views point into the connection's buffer.
struct header {
    std::string_view name, value;
};

// The address of who came by a unix socket.
inline constexpr std::string_view unix_peer = "unix:";

// Valid until the handler's task ends. All text is as sent, not decoded.
struct request {
    http::method method = method::other;
    std::string_view path;   // of the target, without the query; begins with '/'
    std::string_view query;  // after '?', or empty
    std::vector<header> headers;
    std::string_view body;
    std::string_view peer_address;  // of the TCP peer, as text: "127.0.0.1", "::1"; or `unix_peer`
    // Whether the client has gone, or closed its sending side (one that only did that still gets its answers). May be
    // copied, and asked from any thread until the handler's task ends. Empty if there is no connection.
    std::function<bool()> client_left = {};

    // The value of the first header of that name, compared without case; empty if there is none.
    std::string_view header_value(std::string_view name) const;
    // How many headers have that name.
    std::size_t count_headers(std::string_view name) const;
};

struct reply {
    unsigned status = 200;
    std::string_view content_type = "application/json";  // a literal
    std::string body = {};
    // Whole header lines, each with its line end; a literal: what is the same in every reply costs one copy.
    std::string_view fixed_lines = {};
    // Names are literals. Date, Content-Length, Content-Type, Connection and Server's absence are the listener's
    // affair.
    std::vector<std::pair<std::string_view, std::string>> headers = {};
    bool close = false;  // end the connection after this reply
};

// Why the listener itself turns a request away; the status is fixed by each.
enum class rejection {
    malformed,          // 400: not HTTP, or ambiguous framing
    headers_too_large,  // 431
    body_too_large,     // 413
    timed_out,          // 408: the request did not arrive whole in time
    version,            // 505: neither HTTP/1.0 nor 1.1
};

unsigned status_of(rejection why);

}  // namespace userinfo::http
