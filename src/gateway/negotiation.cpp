#include "gateway/negotiation.h"

#include <optional>
#include <string_view>

#include "base/ascii.h"
#include "base/comma_list.h"

namespace userinfo::gateway {

namespace {

// Calls `use` with each element of a list, over all headers of that name.
template <class Use>
void each_element(const http::request& request, std::string_view name, Use use) {
    for (const auto& header : request.headers) {
        if (!equal_ignoring_case(header.name, name)) continue;
        for (const auto element : comma_list(header.value)) use(element);
    }
}

// "gzip;q=0.5" without the parameters.
std::string_view name_of(std::string_view element) { return trim(element.substr(0, element.find(';'))); }

// A weight of 0, which is "0", "0.", "0.0" ... , means "not that".
bool is_refused(std::string_view element) {
    const auto semicolon = element.find(';');
    if (semicolon == element.npos) return false;
    const auto weight = trim(element.substr(semicolon + 1));
    if (weight.size() < 3 || to_lower(weight[0]) != 'q' || weight[1] != '=') return false;
    return weight[2] == '0' && weight.find_first_not_of("0.", 2) == weight.npos;
}

}  // namespace

bool accepts_gzip(const http::request& request) {
    std::optional<bool> gzip;
    bool any = false;
    each_element(request, "Accept-Encoding", [&](std::string_view element) {
        const auto coding = name_of(element);
        if (equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip")) gzip = !is_refused(element);
        if (coding == "*") any = !is_refused(element);
    });
    return gzip.value_or(any);
}

bool asks_for_html(const http::request& request) {
    bool found = false;
    each_element(request, "Accept", [&](std::string_view element) {
        found = found || (equal_ignoring_case(name_of(element), "text/html") && !is_refused(element));
    });
    return found;
}

bool is_encoded(const http::request& request) {
    bool found = false;
    each_element(request, "Content-Encoding", [&](std::string_view coding) {
        found = found || (!coding.empty() && !equal_ignoring_case(coding, "identity"));
    });
    return found;
}

}  // namespace userinfo::gateway
