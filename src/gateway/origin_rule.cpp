#include "gateway/origin_rule.h"

#include <algorithm>

namespace userinfo::gateway {

namespace {

bool is_safe(http::method method) {
    return method == http::method::get || method == http::method::head || method == http::method::options;
}

bool is_own_site(std::string_view site) { return site == "same-origin" || site == "none"; }

// Whether there is no header of that name, or one whose value passes.
template <class Passes>
bool passes_if_present(const http::request& request, std::string_view name, Passes passes) {
    const auto count = request.count_headers(name);
    return count == 0 || (count == 1 && passes(request.header_value(name)));
}

}  // namespace

bool origin_rule::allows(const http::request& request) const {
    if (is_safe(request.method)) return true;
    const auto is_allowed = [&](std::string_view origin) {
        return std::ranges::find(allowed_, origin) != allowed_.end();
    };
    return passes_if_present(request, "Origin", is_allowed) &&
           passes_if_present(request, "Sec-Fetch-Site", is_own_site);
}

}  // namespace userinfo::gateway
