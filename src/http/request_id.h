// The name of one request, in its reply and in each log line about it.
#pragma once

#include <string>

#include "http/message.h"

namespace userinfo::http {

// The client's own X-Request-Id if it is [A-Za-z0-9._-]{1,64}, else a new random one.
std::string request_id_of(const request& request);

}  // namespace userinfo::http
