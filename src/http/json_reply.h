// Replies in the JSON envelope that all clients know, {"code": ..., "msg": ..., "data": ...}, including those that a
// listener or a router produces itself.
#pragma once

#include <string>
#include <string_view>

#include "http/hsts.h"
#include "http/message.h"
#include "http/router.h"

namespace userinfo::http {

// Envelope codes of HTTP itself. Handlers add their own.
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

// Header lines of every reply. The body is data for programs: caches must not store it, and browsers must not display,
// run or frame it. They are a string literal.
std::string_view header_lines(hsts asked);

// The same lines for a reply with a `Cache-Control` of its own.
constexpr std::string_view cacheable(std::string_view header_lines) {
    return header_lines.substr(header_lines.find("\r\n") + 2);
}

// Of these, the lines for a reply that pages of any site may use.
constexpr std::string_view for_every_origin(std::string_view cacheable_lines) {
    return cacheable_lines.substr(cacheable_lines.find("\r\n") + 2);
}

// `data` is JSON.
reply make_envelope(unsigned status, int code, std::string_view message, std::string_view data = "null");

// A reply with a body of another type, without an envelope. `content_type` must be a string literal.
reply make_document(std::string body, std::string_view content_type);

// The reply to a request that the listener rejected.
reply make_rejection_reply(rejection why);

// The reply to a request that no route matches: 404, 405 with `Allow`, 501, or 204 with `Allow` to OPTIONS.
reply make_route_reply(const router::match& match);

}  // namespace userinfo::http
