#include "gateway/cookies.h"

#include <chrono>

namespace userinfo::gateway {

namespace {

constexpr std::string_view set_cookie = "Set-Cookie";
constexpr std::chrono::seconds seen_version_lifetime{120};

}  // namespace

cookies::cookies(bool secure, bool compatible_names)
    : secure_(secure), names_(secure && !compatible_names ? cookie_names::host_prefixed() : cookie_names::plain()) {}

void cookies::set_tokens(http::reply& reply, const token_grant& grant) const {
    if (!grant.device.empty()) {
        reply.headers.emplace_back(set_cookie, make(names_.device, grant.device, device_lifetime));
    }
    if (!grant.refresh_token.empty()) {
        reply.headers.emplace_back(set_cookie, make(names_.refresh, grant.refresh_token, grant.refresh_lifetime));
    }
    // The last one: it is what a client sees that knows of one Set-Cookie alone, as scripts of wrk do.
    reply.headers.emplace_back(set_cookie, make(names_.access, grant.access_token, grant.refresh_lifetime));
}

void cookies::clear_all(http::reply& reply) const {
    for (const auto& names : {cookie_names::plain(), cookie_names::host_prefixed()}) clear(reply, names);
    clear_seen_version(reply);
}

void cookies::clear_other_names(http::reply& reply) const {
    const bool has_plain_names = names_.access == cookie_names::plain().access;
    clear(reply, has_plain_names ? cookie_names::host_prefixed() : cookie_names::plain());
}

void cookies::clear(http::reply& reply, const cookie_names& names) const {
    reply.headers.emplace_back(set_cookie, make(names.access, "", {}));
    reply.headers.emplace_back(set_cookie, make(names.refresh, "", {}));
}

void cookies::set_seen_version(http::reply& reply, std::string_view version) const {
    reply.headers.emplace_back(set_cookie, make(cookie_names::seen_version, version, seen_version_lifetime));
}

void cookies::clear_seen_version(http::reply& reply) const {
    reply.headers.emplace_back(set_cookie, make(cookie_names::seen_version, "", {}));
}

std::string cookies::make(std::string_view name, std::string_view value, std::chrono::seconds lifetime) const {
    std::string text(name);
    text.append("=").append(value).append("; Path=/; Max-Age=").append(std::to_string(lifetime.count()));
    text.append("; HttpOnly");
    // A browser takes a __Host- cookie, and its deletion, only with Secure.
    if (secure_ || name.starts_with("__Host-")) text.append("; Secure");
    text.append(names_.access.starts_with("__Host-") ? "; SameSite=Strict" : "; SameSite=Lax");
    return text;
}

}  // namespace userinfo::gateway
