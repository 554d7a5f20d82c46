// Reads the tokens of a request, and how they were sent.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"
#include "service/use_cases.h"

namespace userinfo::gateway {

// The names of the cookies, with the __Host- prefix (RFC 6265bis section 4.1.3.2) if the public URL is https.
struct cookie_names {
    std::string_view access, refresh, device;
    static constexpr std::string_view seen_version = "userinfo_version";

    static constexpr cookie_names plain() { return {"access_token", "refresh_token", "device"}; }
    static constexpr cookie_names host_prefixed() {
        return {"__Host-access_token", "__Host-refresh_token", "__Host-device"};
    }
};

// The views point into the request.
struct credentials {
    userinfo::transport transport = transport::cookie;  // bearer: in `Authorization`; cookies are then ignored
    std::string_view access_token;
    std::string_view refresh_token;   // from the cookie
    std::string_view seen_in_header;  // Userinfo-Version
    std::string_view seen_in_cookie;  // userinfo_version
    std::string_view device;          // from the header Userinfo-Device, else from the cookie
    // The name of a token's cookie that was sent more than once. Then no token is taken from cookies: which of the two
    // is the client's own, nobody can tell.
    std::string_view repeated_cookie = {};
};

// errc::invalid_argument: Authorization was sent twice. A seen version or a device that was sent twice in the same
// way is ignored in that way.
result<credentials> read_credentials(const http::request& request, const cookie_names& names);

// The error of a request that needs a token, and has a cookie of that name more than once.
error sent_twice(std::string_view cookie);

// The tokens in all cookies of a request, each once, in their order. Of each kind at most the first 8 count.
struct cookie_tokens {
    std::vector<std::string_view> access, refresh;
};
cookie_tokens read_all_tokens(const http::request& request, const cookie_names& names);

}  // namespace userinfo::gateway
