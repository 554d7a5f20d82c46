// Makes access tokens that the program itself would never make: with any header and claims, signed by any key.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/base64.h"
#include "base/clock.h"
#include "tokens/access_token.h"
#include "tokens/es256.h"

namespace userinfo::test {

inline const access_token_settings forge_settings{.issuer = "https://id.example", .audience = "https://api.example"};

inline std::string header_of(std::string_view kid) {
    return R"({"alg":"ES256","kid":")" + std::string(kid) + R"(","typ":"at+jwt"})";
}

inline std::string forge(const es256_key& key, std::string_view header, std::string_view payload) {
    const auto text = to_base64url(header) + '.' + to_base64url(payload);
    return text + '.' + to_base64url(key.sign(text));
}

// Claims that are valid from `now` for 15 minutes.
inline boost::json::object good_claims(timestamp now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    return {{"iss", forge_settings.issuer},
            {"aud", forge_settings.audience},
            {"sub", "0123abcd-4567-4def-89ab-cdef01234567"},
            {"sid", "1123abcd-4567-4def-89ab-cdef01234567"},
            {"client_id", "web"},
            {"iat", seconds},
            {"exp", seconds + 900},
            {"jti", "2123abcd-4567-4def-89ab-cdef01234567"},
            {"auth_time", seconds},
            {"amr", {"pwd"}}};
}

// A second object for the same key.
inline es256_key copy_of(const es256_key& key) { return es256_key::from_private_der(key.private_der()); }

}  // namespace userinfo::test
