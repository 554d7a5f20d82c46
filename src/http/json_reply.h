// Replies as JSON in the one form that all clients know: {"code": ..., "msg": ..., "data": ...}. Those that a listener
// or a router makes by itself are here whole.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"
#include "http/router.h"

namespace userinfo::http {

// Envelope codes of HTTP itself. A handler adds its own.
namespace envelope_code {

inline constexpr int success = 0;
inline constexpr int no_such_path = 300001;
inline constexpr int method_not_allowed = 300002;
inline constexpr int unsupported_media_type = 300003;
inline constexpr int body_too_large = 300004;
inline constexpr int malformed_request = 300005;
inline constexpr int unavailable = 300006;
inline constexpr int internal = 300007;

}  // namespace envelope_code

// Header lines of every reply that goes out over https. The body is data for programs: no cache stores it, a browser
// neither shows it as a page nor runs it as a script nor frames it, and for a year the browser asks for nothing but
// https (RFC 6797).
inline constexpr std::string_view https_header_lines =
    "Cache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n";

// The same without the last line, for plain http.
inline constexpr std::string_view http_header_lines =
    https_header_lines.substr(0, https_header_lines.find("Strict-Transport-Security"));

// `data`: JSON.
reply make_envelope(unsigned status, int code, std::string_view message, std::string_view data = "null");

// A reply whose body is a document of its own. `content_type` is a literal.
reply make_document(std::string body, std::string_view content_type);

// For a request that the listener turned away.
reply make_rejection_reply(rejection why);

// For a request that no route takes: 404, or 405 with `Allow`.
reply make_route_reply(const router::match& match);

}  // namespace userinfo::http
