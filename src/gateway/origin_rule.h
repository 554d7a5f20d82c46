// Whether a browser may have been led by another site to send a request (OWASP ASVS 5.0 section 3.5). Register and
// log-in are checked too.
#pragma once

#include <string>
#include <vector>

#include "http/message.h"

namespace userinfo::gateway {

class origin_rule {
public:
    explicit origin_rule(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

    // True for safe methods; else `Origin`, if present, must be allowed, and `Sec-Fetch-Site`, if present, same-origin
    // or none. A request with neither does not come from a browser. (A request with a bearer token needs no such check:
    // a browser does not add one by itself.)
    bool allows(const http::request& request) const;

private:
    const std::vector<std::string> allowed_;
};

}  // namespace userinfo::gateway
