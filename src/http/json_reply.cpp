#include "http/json_reply.h"

#include <utility>

#include "base/join_literals.h"
#include "base/json_writer.h"

namespace userinfo::http {

namespace {

constexpr std::size_t usual_headers = 4;

// `cacheable` removes the first one, and `for_every_origin` the second one.
constexpr char common_lines[] =
    "Cache-Control: no-store\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n";
constexpr auto lines_for_host = join(common_lines, hsts_for_host);
constexpr auto lines_for_subdomains = join(common_lines, hsts_for_subdomains);

reply make_unknown_method_reply() {
    return make_envelope(501, envelope_code::method_not_allowed, "This server does not know that method.");
}

}  // namespace

std::string_view header_lines(hsts asked) {
    switch (asked) {
        case hsts::none: return common_lines;
        case hsts::host: return lines_for_host.data();
        case hsts::subdomains: return lines_for_subdomains.data();
    }
    std::unreachable();
}

reply make_envelope(unsigned status, int code, std::string_view message, std::string_view data) {
    reply reply{.status = status};
    reply.headers.reserve(usual_headers);
    reply.body.reserve(64 + message.size() + data.size());
    json_writer(reply.body)
        .begin_object()
        .member("code", code)
        .member("msg", message)
        .name("data")
        .raw(data)
        .end_object();
    return reply;
}

reply make_document(std::string body, std::string_view content_type) {
    reply reply{.status = 200, .content_type = content_type, .body = std::move(body)};
    reply.headers.reserve(usual_headers);
    return reply;
}

reply make_rejection_reply(rejection why) {
    switch (why) {
        case rejection::malformed:
            return make_envelope(400, envelope_code::malformed_request, "The request is not valid HTTP/1.1.");
        case rejection::target_too_long:
            return make_envelope(414, envelope_code::malformed_request, "The request's target is too long.");
        case rejection::headers_too_large:
            return make_envelope(431, envelope_code::malformed_request, "The request's header is too large.");
        case rejection::body_too_large:
            return make_envelope(413, envelope_code::body_too_large, "The request's body is too large.");
        case rejection::timed_out:
            return make_envelope(408, envelope_code::malformed_request, "The request did not arrive in time.");
        case rejection::unknown_method: return make_unknown_method_reply();
        case rejection::version:
            return make_envelope(505, envelope_code::malformed_request, "This server speaks HTTP/1.1 and HTTP/1.0.");
    }
    std::unreachable();
}

reply make_route_reply(const router::match& match) {
    switch (match.outcome) {
        case router::outcome::not_found:
            return make_envelope(404, envelope_code::no_such_path, "There is nothing at this path.");
        case router::outcome::unknown_method: return make_unknown_method_reply();
        case router::outcome::options: return {.status = 204, .headers = {{"Allow", std::string(match.allow)}}};
        case router::outcome::found:
        case router::outcome::method_not_allowed: break;
    }
    auto reply = make_envelope(405, envelope_code::method_not_allowed, "This path does not know that method.");
    reply.headers.emplace_back("Allow", std::string(match.allow));
    return reply;
}

}  // namespace userinfo::http
