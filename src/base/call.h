// The context of one request, passed through all layers: who called, from where, and by when the answer is needed.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "base/trace_context.h"
#include "base/uuid.h"

namespace userinfo {

inline constexpr std::size_t longest_user_agent = 256;

struct call {
    std::string request_id;                          // [A-Za-z0-9._-]{1,64}; in the reply and in every log line
    std::chrono::steady_clock::time_point deadline;  // afterwards, work for this call may be dropped
    std::string address;       // the client's, as base/ip_address.h writes it, or `unix_peer`; empty: an operator's
    std::string user_agent;    // as received, at most `longest_user_agent` bytes; the device's name
    std::string access_token;  // a JWT, or empty; only the service verifies it
    std::optional<trace_context> trace = {};  // empty if an operator called from the command line
    std::function<bool()> client_left = {};   // called before expensive work that waited; may be empty
    bool renewed = false;  // the gateway itself renewed access_token in this request: the client has not shown it yet
    std::optional<uuid> account = {};  // the token's account once the service has verified it; for the log
};

}  // namespace userinfo
