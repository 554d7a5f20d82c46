// What a client would have, and what it has already (RFC 9110 sections 12.5 and 13.1.2).
#pragma once

#include <string_view>

#include "http/message.h"

namespace userinfo::gateway {

// Whether `Accept-Encoding` allows gzip. Without that header: no; old programs that do not send it cannot read gzip.
bool accepts_gzip(const http::request& request);

// Whether `Accept` names HTML, as browsers do for what they are to show.
bool asks_for_html(const http::request& request);

// Whether `If-None-Match` is "*" or has this entity tag, which is strong; tags compare weakly.
bool has_already(const http::request& request, std::string_view etag);

}  // namespace userinfo::gateway
