// The identifier of one request. It appears in the reply and in every log line about the request.
#pragma once

#include <string>
#include <string_view>

namespace userinfo {

// Returns `given` if it matches [A-Za-z0-9._-]{1,64}, or a new random one.
std::string usable_request_id(std::string_view given);

}  // namespace userinfo
