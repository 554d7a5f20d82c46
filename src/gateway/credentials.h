// Which tokens a request brings, and by which way.
#pragma once

#include <string_view>

#include "base/result.h"
#include "http/message.h"
#include "service/use_cases.h"

namespace userinfo::gateway {

// The names of our cookies: with the __Host- prefix (RFC 6265bis section 4.1.3.2) where the public URL is https.
struct cookie_names {
    std::string_view access, refresh;
    static constexpr std::string_view seen_version = "userinfo_version";

    static constexpr cookie_names plain() { return {"access_token", "refresh_token"}; }
    static constexpr cookie_names host_prefixed() { return {"__Host-access_token", "__Host-refresh_token"}; }
};

// Views point into the request.
struct credentials {
    userinfo::transport transport = transport::cookie;  // bearer: by `Authorization: Bearer`; cookies are then ignored
    std::string_view access_token;
    std::string_view refresh_token;  // of the cookie
    std::string_view seen_version;   // of the header Userinfo-Version, else the cookie
};

// errc::invalid_argument: one of the tokens' cookies, or Authorization, is there twice. A seen version that is there
// twice in one way is none of that way.
result<credentials> read_credentials(const http::request& request, const cookie_names& names);

}  // namespace userinfo::gateway
