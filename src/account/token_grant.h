// What a log-in, a renewal and a change of password hand out.
#pragma once

#include <chrono>
#include <string>

#include "account/session.h"

namespace userinfo {

struct token_grant {
    std::string access_token;
    std::string refresh_token;
    std::chrono::seconds access_lifetime;   // of the access token, from now
    std::chrono::seconds refresh_lifetime;  // of the session, from now, if it is not used
    transport travels;
};

}  // namespace userinfo
