#include "gateway/credentials.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"

namespace userinfo::gateway {

namespace {

std::unexpected<error> twice(std::string_view name) {
    return failure(errc::invalid_argument, "The request has more than one " + std::string(name) + '.');
}

// Calls visit(name, value) for each cookie of a Cookie header (RFC 6265 section 4.2) until it returns false.
template <class Visitor>
bool each_cookie(std::string_view header, Visitor visit) {
    while (!header.empty()) {
        const auto pair = trim(header.substr(0, header.find(';')));
        header.remove_prefix(
            std::min(header.size(), header.find(';') == header.npos ? header.size() : header.find(';') + 1));
        const auto equals = pair.find('=');
        if (equals != pair.npos && !visit(pair.substr(0, equals), pair.substr(equals + 1))) return false;
    }
    return true;
}

result<void> read_cookies(std::string_view header, const cookie_names& names, credentials& into) {
    std::string_view repeated;
    const bool all_once = each_cookie(header, [&](std::string_view name, std::string_view value) {
        std::string_view* slot = name == names.access         ? &into.access_token
                                 : name == names.refresh      ? &into.refresh_token
                                 : name == names.seen_version ? &into.seen_version
                                                              : nullptr;
        if (slot == nullptr) return true;
        if (slot->data() == nullptr) {
            *slot = value;
            return true;
        }
        // It is a hint, and has no prefix that would keep a neighbouring host from setting one as well.
        if (name == names.seen_version) {
            *slot = "";
            return true;
        }
        repeated = name;
        return false;
    });
    if (!all_once) return twice("cookie " + std::string(repeated));
    return {};
}

constexpr std::string_view bearer = "Bearer ";

bool is_bearer(std::string_view authorization) {
    return authorization.size() >= bearer.size() && equal_ignoring_case(authorization.substr(0, bearer.size()), bearer);
}

}  // namespace

result<credentials> read_credentials(const http::request& request, const cookie_names& names) {
    credentials found;
    result<void> cookies;
    std::string_view authorization;
    std::string_view seen_version;
    for (const auto& header : request.headers) {
        if (equal_ignoring_case(header.name, "Cookie")) {
            if (cookies) cookies = read_cookies(header.value, names, found);
        } else if (equal_ignoring_case(header.name, "Authorization")) {
            if (authorization.data() != nullptr) return twice("Authorization header");
            authorization = header.value;
        } else if (equal_ignoring_case(header.name, "Userinfo-Version")) {
            seen_version = seen_version.data() == nullptr ? header.value : std::string_view("");
        }
    }
    if (is_bearer(authorization)) {
        found = {.transport = transport::bearer,
                 .access_token = trim(authorization.substr(bearer.size())),
                 .refresh_token = {},
                 .seen_version = {}};
    } else if (!cookies) {
        return std::unexpected(cookies.error());
    }
    if (!seen_version.empty()) found.seen_version = seen_version;
    return found;
}

}  // namespace userinfo::gateway
