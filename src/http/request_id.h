// The identifier of an HTTP request.
#pragma once

#include <string>

#include "http/message.h"

namespace userinfo::http {

// Returns the client's X-Request-Id if it can be used (base/request_id.h), or a new one.
std::string request_id_of(const request& request);

}  // namespace userinfo::http
