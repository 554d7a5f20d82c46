// What travels with one request through all layers: who asked, from where, and until when an answer is of use.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/trace_context.h"
#include "base/uuid.h"

namespace userinfo {

struct call {
    std::string request_id;                          // [A-Za-z0-9._-]{1,64}; in the reply and in each log line
    std::chrono::steady_clock::time_point deadline;  // after it, work for this call may be dropped
    std::string address;                             // of the client, as text; the gateway vouches for it
    std::string user_agent;                          // as sent, at most 256 bytes; the name of the device
    std::string access_token;                        // a JWT, or empty; the service alone decides what it is worth
    std::optional<trace_context> trace = {};         // nothing: nobody asked, an operator did
    std::function<bool()> client_left = {};          // asked before expensive work that waits; may be empty
    std::optional<uuid> account = {};  // whose token it was, once the service has verified it; for the log
};

}  // namespace userinfo
