#include "gateway/product.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/ascii.h"
#include "base/unicode.h"
#include "gateway/public_url.h"

namespace userinfo::gateway {

namespace {

constexpr std::size_t longest_name = 64;    // code points
constexpr std::size_t longest_home = 2000;  // bytes; as web/return_to.js has it

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
    throw std::invalid_argument("'" + std::string(text) + "' " + why);
}

bool is_path(const boost::urls::url_view& url) {
    return !url.has_scheme() && !url.has_authority() && url.encoded_path().starts_with('/');
}

bool is_address(const boost::urls::url_view& url) {
    const auto scheme = ascii_lower({url.scheme().data(), url.scheme().size()});
    return (scheme == "http" || scheme == "https") && !url.encoded_host().empty() && !url.has_userinfo();
}

// Such a segment, encoded or not, would make it another path in a browser. Boost.URL takes a first one for no segment.
bool has_dot_segments(const boost::urls::url_view& url) {
    return url.encoded_path().starts_with("/./") ||
           std::ranges::any_of(url.segments(), [](const std::string& part) { return part == "." || part == ".."; });
}

bool is_of_the_api(const boost::urls::url_view& url) {
    const auto segments = url.segments();
    return !segments.empty() && ascii_lower(segments.front()) == "api";
}

bool is_of_one_host(std::string_view host) {
    return host.starts_with('[') || std::ranges::all_of(host, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
           });
}

}  // namespace

std::string parse_product_name(std::string_view text) {
    const bool is_name = is_utf8(text) && !is_blank(text) && !has_control_characters(text);
    if (!is_name || count_code_points(text) > longest_name) {
        refuse(text, "is not a name of 1 to " + std::to_string(longest_name) + " characters on one line");
    }
    return std::string(text);
}

std::string parse_home(std::string_view text) {
    const auto url = boost::urls::parse_uri_reference(text);
    const bool leads_somewhere = url && (is_path(*url) || is_address(*url)) && !has_dot_segments(*url);
    if (!leads_somewhere || text.size() > longest_home) {
        refuse(text, "is neither a path such as /app nor a URL such as https://app.example.com/");
    }
    if (is_path(*url) && is_of_the_api(*url)) refuse(text, "belongs to the API, which shows no page");
    return std::string(text);
}

std::string parse_return_origin(std::string_view text) {
    const auto url = public_url::parse(text);
    if (!is_of_one_host(url.host)) refuse(text, "is not the origin of one host, such as https://app.example.com");
    if (url.text != text) refuse(text, "is not an origin as browsers write it; that is '" + url.text + "'");
    return url.text;
}

}  // namespace userinfo::gateway
