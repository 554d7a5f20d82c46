// The identifier of one request. It appears in the reply and in every log line about the request.
#pragma once

#include <string>

#include "http/message.h"

namespace userinfo::http {

// Returns the client's X-Request-Id if it matches [A-Za-z0-9._-]{1,64}, or a new random one.
std::string request_id_of(const request& request);

}  // namespace userinfo::http
