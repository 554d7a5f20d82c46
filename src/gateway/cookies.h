// The cookies that the gateway sets and clears (RFC 6265bis).
#pragma once

#include <string>
#include <string_view>

#include "gateway/credentials.h"
#include "http/message.h"
#include "service/use_cases.h"

namespace userinfo::gateway {

class cookies {
public:
    // `secure`: the public URL is https. The names then have the __Host- prefix, unless `compatible_names` is set.
    cookies(bool secure, bool compatible_names);

    const cookie_names& names() const { return names_; }

    // Sets the tokens of the grant as HttpOnly cookies that live as long as the session does if it is not used, and its
    // device, if it has one, as a cookie that lives as long as devices do.
    void set_tokens(http::reply& reply, const token_grant& grant) const;

    // Clears the tokens' names that the public URL does not call for.
    void clear_other_names(http::reply& reply) const;

    // Clears every name that userinfo has ever used for tokens, and the seen version. A device stays known after its
    // user has logged out.
    void clear_all(http::reply& reply) const;

    // Sets what the client has seen of its own profile, for 120 s: longer than any replica lags.
    void set_seen_version(http::reply& reply, std::string_view version) const;
    void clear_seen_version(http::reply& reply) const;

private:
    void clear(http::reply& reply, const cookie_names& names) const;
    std::string make(std::string_view name, std::string_view value, std::chrono::seconds lifetime) const;

    const bool secure_;
    const cookie_names names_;
};

}  // namespace userinfo::gateway
