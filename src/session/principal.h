// The authenticated caller, as proven by the access token and confirmed by the session check.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/uuid.h"

namespace userinfo {

struct principal {
    uuid account;
    uuid session;
    std::string client;            // RFC 9068 `client_id`
    timestamp auth_time;           // when the user last entered a password
    std::vector<std::string> amr;  // authentication methods (RFC 8176): "pwd"
    std::uint64_t generation = 0;  // of the refresh token that the access token came with; 0: it does not tell
};

}  // namespace userinfo
