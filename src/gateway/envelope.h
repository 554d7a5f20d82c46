// Replies in the one form that all clients know: {"code": ..., "msg": ..., "data": ...}.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace userinfo::gateway {

// Header lines of every reply, if clients come by https. It is data for programs: no cache keeps it, a browser that
// shows it as a page, takes it for a script or puts it in a frame gets nothing out of it, and clients are to come by
// nothing but https for a year (RFC 6797).
inline constexpr std::string_view https_header_lines =
    "Cache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n";

// The same without the last, if they come by http.
inline constexpr std::string_view http_header_lines =
    https_header_lines.substr(0, https_header_lines.find("Strict-Transport-Security"));

// `data`: JSON.
http::reply make_envelope(unsigned status, int code, std::string_view message, std::string_view data = "null");

// A reply whose body is a document of its own.
http::reply make_document(std::string body, std::string_view content_type);

}  // namespace userinfo::gateway
