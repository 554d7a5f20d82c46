// The authenticated caller, as proven by the access token and confirmed by the session check.
#pragma once

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
};

}  // namespace userinfo
