// The credentials of a request: Cookie, Authorization and Userinfo-Version, as lines "name: value".
#include <algorithm>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "fuzz/input.h"
#include "gateway/credentials.h"
#include "gateway/preconditions.h"

namespace userinfo::gateway {
namespace {

using fuzz::require;

http::request request_of(fuzz::input input) {
    http::request request;
    while (!input.is_empty()) {
        auto line = fuzz::input(input.until('\n'));
        const auto name = line.until(':');
        request.headers.push_back({name, trim(line.rest())});
    }
    return request;
}

// How often a cookie of that name is in the request, found in another way than by the code under test.
std::size_t count_cookies(const http::request& request, std::string_view name) {
    std::size_t count = 0;
    for (const auto& header : request.headers) {
        if (!equal_ignoring_case(header.name, "Cookie")) continue;
        std::string pair;
        for (const char c : std::string(header.value) + ';') {
            if (c != ';') {
                pair += c;
                continue;
            }
            if (trim(pair).starts_with(std::string(name) + '=')) ++count;
            pair.clear();
        }
    }
    return count;
}

void check_cookie(const http::request& request, std::string_view name, std::string_view value) {
    require(count_cookies(request, name) == (value.data() == nullptr ? 0U : 1U),
            "a cookie is taken if it is there once");
    require(!value.contains(';') && !value.ends_with(' ') && !value.ends_with('\t'),
            "a cookie's value ends where it ends");
}

void check_request(const http::request& request, const cookie_names& names) {
    const auto found = read_credentials(request, names);
    if (!found) {
        require(found.error().code == errc::invalid_argument, "credentials fail as an invalid argument");
        require(request.count_headers("Authorization") > 1, "credentials are refused only if they are there twice");
        return;
    }
    require(request.count_headers("Authorization") <= 1, "one Authorization at most");
    if (found->transport == transport::bearer) {
        require(found->refresh_token.data() == nullptr, "with a bearer token no cookie counts");
        require(request.header_value("Authorization").contains(found->access_token), "the token is the header's");
    } else if (!found->repeated_cookie.empty()) {
        require(count_cookies(request, found->repeated_cookie) > 1, "a repeated cookie is there more than once");
        require(found->access_token.empty() && found->refresh_token.empty(), "then no cookie's token is taken");
    } else {
        check_cookie(request, names.access, found->access_token);
        check_cookie(request, names.refresh, found->refresh_token);
    }
    for (const auto text : {found->seen_in_header, found->seen_in_cookie}) {
        const auto seen = parse_seen_version(text);
        if (!seen) continue;
        const auto again = parse_seen_version(to_seen_version(*seen));
        require(again && again->account == seen->account && again->version == seen->version, "a version is read back");
    }
}

// What a browser sends back of the cookies that we set is what we set.
void check_sent_back(const credentials& sent, const cookie_names& names) {
    std::string header = "theme=dark; ";
    header.append(names.access).append("=").append(sent.access_token).append("; ");
    header.append(names.refresh).append("=").append(sent.refresh_token);
    http::request request;
    request.headers.push_back({"cookie", header});
    const auto found = read_credentials(request, names);
    require(found && trim(found->access_token) == trim(sent.access_token), "the access cookie comes back");
    require(trim(found->refresh_token) == trim(sent.refresh_token), "the refresh cookie comes back");
}

void check_all_tokens(const http::request& request, const cookie_names& names) {
    const auto all = read_all_tokens(request, names);
    require(all.access.size() <= std::min<std::size_t>(8, count_cookies(request, names.access)), "none is made up");
    require(all.refresh.size() <= std::min<std::size_t>(8, count_cookies(request, names.refresh)), "none is made up");
}

void check_all(const http::request& request) {
    for (const auto& names : {cookie_names::plain(), cookie_names::host_prefixed()}) {
        check_all_tokens(request, names);
        check_request(request, names);
        const auto found = read_credentials(request, names);
        if (found && found->transport == transport::cookie) check_sent_back(*found, names);
    }
}

}  // namespace
}  // namespace userinfo::gateway

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    userinfo::gateway::check_all(userinfo::gateway::request_of({data, size}));
    return 0;
}
