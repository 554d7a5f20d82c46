#include "gateway/origin_rule.h"

#include <algorithm>

namespace userinfo::gateway {

namespace {

bool is_safe(http::method method) {
    return method == http::method::get || method == http::method::head || method == http::method::options;
}

}  // namespace

bool origin_rule::allows(const http::request& request) const {
    if (is_safe(request.method)) return true;
    const auto origins = request.count_headers("Origin");
    if (origins > 1) return false;
    if (origins == 1 && std::ranges::find(allowed_, request.header_value("Origin")) == allowed_.end()) return false;
    const auto site = request.header_value("Sec-Fetch-Site");
    return site.empty() || site == "same-origin" || site == "none";
}

}  // namespace userinfo::gateway
