// The tokens issued by log-in, refresh, password change and reauthentication.
#pragma once

#include <chrono>
#include <string>

#include "session/transport.h"

namespace userinfo {

struct token_grant {
    std::string access_token;
    std::string refresh_token;              // empty: the client's current one stays valid
    std::chrono::seconds access_lifetime;   // of the access token, from now
    std::chrono::seconds refresh_lifetime;  // of the session from now, if it is not used
    userinfo::transport transport;
};

}  // namespace userinfo
