// What a client accepts and what it has cached (RFC 9110 sections 12.5 and 13.1.2).
#pragma once

#include <string_view>

#include "http/message.h"

namespace userinfo::gateway {

// Whether `Accept-Encoding` allows gzip. Without that header it does not: clients that omit it often cannot read gzip.
bool accepts_gzip(const http::request& request);

// Whether `Accept` names HTML, as browsers do when they open a page.
bool asks_for_html(const http::request& request);

// Whether `If-None-Match` is "*" or contains this strong entity tag. Tags compare weakly.
bool has_already(const http::request& request, std::string_view etag);

}  // namespace userinfo::gateway
