// The tokens issued by log-in, refresh, password change and reauthentication.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "session/transport.h"

namespace userinfo {

// The reason of errc::invalid_token if a client that has sent two refreshes at once sent an older token than the
// session now has: the client is still logged in.
inline constexpr std::string_view superseded_token = "superseded";

struct token_grant {
    std::string access_token;
    std::string refresh_token;              // empty: the client's current one stays valid
    std::chrono::seconds access_lifetime;   // of the access token, from now
    std::chrono::seconds refresh_lifetime;  // of the session from now, if it is not used
    userinfo::transport transport;
    std::string device = {};  // what the client shows of its devices from now on; empty: what it has stays valid
};

}  // namespace userinfo
