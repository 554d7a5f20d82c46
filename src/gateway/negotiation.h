// What a client accepts (RFC 9110 section 12.5), and whether its body is encoded (section 8.4).
#pragma once

#include "http/message.h"

namespace userinfo::gateway {

// Whether `Accept-Encoding` allows gzip. Without that header it does not: clients that omit it often cannot read gzip.
bool accepts_gzip(const http::request& request);

// Whether `Accept` names HTML, as browsers do when they open a page.
bool asks_for_html(const http::request& request);

// Whether `Content-Encoding` names a coding other than `identity`.
bool is_encoded(const http::request& request);

}  // namespace userinfo::gateway
