#include "gateway/credentials.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "base/ascii.h"

namespace userinfo::gateway {

namespace {

constexpr std::size_t most_tokens = 8;

error twice(std::string_view name) {
    return {.code = errc::invalid_argument, .message = "The request has more than one " + std::string(name) + '.'};
}

// Calls visit(name, value) for each cookie of a Cookie header (RFC 6265 section 4.2).
template <class Visitor>
void each_cookie(std::string_view header, Visitor visit) {
    while (!header.empty()) {
        const auto pair = trim(header.substr(0, header.find(';')));
        header.remove_prefix(
            std::min(header.size(), header.find(';') == header.npos ? header.size() : header.find(';') + 1));
        const auto equals = pair.find('=');
        if (equals != pair.npos) visit(pair.substr(0, equals), pair.substr(equals + 1));
    }
}

void read_cookies(std::string_view header, const cookie_names& names, credentials& into) {
    each_cookie(header, [&](std::string_view name, std::string_view value) {
        std::string_view* slot = name == names.access         ? &into.access_token
                                 : name == names.refresh      ? &into.refresh_token
                                 : name == names.seen_version ? &into.seen_in_cookie
                                 : name == names.device       ? &into.device
                                                              : nullptr;
        if (slot == nullptr) return;
        if (slot->data() == nullptr) {
            *slot = value;
        } else {
            // A neighbouring host can set one as well, if the name has no prefix.
            *slot = "";
            if (name != names.seen_version && name != names.device) into.repeated_cookie = name;
        }
    });
}

void add(std::vector<std::string_view>& tokens, std::string_view token) {
    const bool is_new = !token.empty() && std::ranges::find(tokens, token) == tokens.end();
    if (is_new && tokens.size() < most_tokens) tokens.push_back(token);
}

constexpr std::string_view bearer = "Bearer ";

bool is_bearer(std::string_view authorization) {
    return authorization.size() >= bearer.size() && equal_ignoring_case(authorization.substr(0, bearer.size()), bearer);
}

}  // namespace

result<credentials> read_credentials(const http::request& request, const cookie_names& names) {
    credentials found;
    std::string_view authorization;
    std::string_view seen_in_header;
    std::string_view device;
    for (const auto& header : request.headers) {
        if (equal_ignoring_case(header.name, "Cookie")) {
            read_cookies(header.value, names, found);
        } else if (equal_ignoring_case(header.name, "Authorization")) {
            if (authorization.data() != nullptr) return std::unexpected(twice("Authorization header"));
            authorization = header.value;
        } else if (equal_ignoring_case(header.name, "Userinfo-Version")) {
            seen_in_header = seen_in_header.data() == nullptr ? header.value : std::string_view("");
        } else if (equal_ignoring_case(header.name, "Userinfo-Device")) {
            device = device.data() == nullptr ? header.value : std::string_view("");
        }
    }
    if (is_bearer(authorization)) {
        found = {.transport = transport::bearer,
                 .access_token = trim(authorization.substr(bearer.size())),
                 .refresh_token = {},
                 .seen_in_header = {},
                 .seen_in_cookie = {},
                 .device = {}};
    } else if (!found.repeated_cookie.empty()) {
        found.access_token = found.refresh_token = {};
    }
    found.seen_in_header = seen_in_header;
    if (!device.empty()) found.device = device;
    return found;
}

error sent_twice(std::string_view cookie) { return twice("cookie " + std::string(cookie)); }

cookie_tokens read_all_tokens(const http::request& request, const cookie_names& names) {
    cookie_tokens found;
    for (const auto& header : request.headers) {
        if (!equal_ignoring_case(header.name, "Cookie")) continue;
        each_cookie(header.value, [&](std::string_view name, std::string_view value) {
            if (name == names.access) add(found.access, value);
            if (name == names.refresh) add(found.refresh, value);
        });
    }
    return found;
}

}  // namespace userinfo::gateway
