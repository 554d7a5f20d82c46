#include "http/message.h"

#include <algorithm>

#include "base/ascii.h"

namespace userinfo::http {

std::string_view to_string(method method) {
    switch (method) {
        case method::get: return "GET";
        case method::head: return "HEAD";
        case method::post: return "POST";
        case method::put: return "PUT";
        case method::delete_: return "DELETE";
        case method::options: return "OPTIONS";
        case method::other:
        case method::unknown: break;
    }
    return "other";
}

std::string_view request::header_value(std::string_view name) const {
    for (const auto& header : headers)
        if (equal_ignoring_case(header.name, name)) return header.value;
    return {};
}

std::size_t request::count_headers(std::string_view name) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(headers, [&](const header& h) { return equal_ignoring_case(h.name, name); }));
}

unsigned status_of(rejection why) {
    switch (why) {
        case rejection::malformed: return 400;
        case rejection::target_too_long: return 414;
        case rejection::headers_too_large: return 431;
        case rejection::body_too_large: return 413;
        case rejection::timed_out: return 408;
        case rejection::unknown_method: return 501;
        case rejection::version: return 505;
    }
    return 400;
}

}  // namespace userinfo::http
