// The URL at which clients reach userinfo. It decides cookie names, allowed origins and the issuer of tokens.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace userinfo::gateway {

struct public_url {
    std::string text;  // "https://id.example.com", without a trailing slash
    std::string scheme;
    std::string host;  // lower-case; an IPv6 address in brackets
    std::string port;  // digits; the scheme's default if the URL has none

    // Throws std::invalid_argument, with a message for the operator, unless `text` is an http or https URL of a host
    // and an optional port, and nothing else.
    static public_url parse(std::string_view text);

    bool is_https() const { return scheme == "https"; }
    bool is_loopback() const;

    // The origins (RFC 6454) of pages that may call: its own. A loopback host counts in its three spellings.
    std::vector<std::string> allowed_origins() const;
};

}  // namespace userinfo::gateway
