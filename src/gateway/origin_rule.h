// Detects requests that another site made a browser send (OWASP ASVS 5.0 section 3.5), to register and log-in as well.
#pragma once

#include <string>
#include <vector>

#include "http/message.h"

namespace userinfo::gateway {

class origin_rule {
public:
    explicit origin_rule(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

    // True for safe methods. Otherwise `Origin`, if present, must be an allowed one, and `Sec-Fetch-Site`, if present,
    // must be same-origin or none. A request with neither does not come from a browser. A request with a bearer token
    // needs no check: browsers do not add one by themselves.
    bool allows(const http::request& request) const;

private:
    const std::vector<std::string> allowed_;
};

}  // namespace userinfo::gateway
