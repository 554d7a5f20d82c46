#include "gateway/public_url.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <boost/asio/ip/address_v6.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/ascii.h"
#include "base/port.h"
#include "base/task.h"

namespace userinfo::gateway {

namespace {

constexpr std::array<std::string_view, 3> loopback_spellings{"127.0.0.1", "localhost", "[::1]"};

std::string_view default_port(std::string_view scheme) { return scheme == "https" ? "443" : "80"; }

// As browsers write it in `Origin`.
std::string host_of(const boost::urls::url_view& url) {
    if (url.host_type() == boost::urls::host_type::ipv6) {
        return '[' + asio::ip::make_address_v6(url.host_ipv6_address().to_bytes()).to_string() + ']';
    }
    return ascii_lower({url.encoded_host().data(), url.encoded_host().size()});
}

std::string origin_of(std::string_view scheme, std::string_view host, std::string_view port) {
    std::string origin(scheme);
    origin.append("://").append(host);
    // A browser leaves out the scheme's own port.
    if (port != default_port(scheme)) origin.append(":").append(port);
    return origin;
}

}  // namespace

public_url public_url::parse(std::string_view text) {
    const auto url = boost::urls::parse_uri(text);
    const auto refuse = [&] {
        throw std::invalid_argument("'" + std::string(text) + "' is not a URL such as https://id.example.com");
    };
    if (!url) refuse();
    const bool plain = (url->encoded_path().empty() || url->encoded_path() == "/") && !url->has_query() &&
                       !url->has_fragment() && !url->has_userinfo() && !url->encoded_host().empty();
    const auto scheme = ascii_lower({url->scheme().data(), url->scheme().size()});
    if (!plain || (scheme != "http" && scheme != "https")) refuse();

    public_url parsed;
    parsed.scheme = scheme;
    parsed.host = host_of(*url);
    if (parsed.host.contains('%')) refuse();
    parsed.port = default_port(scheme);
    if (!url->port().empty()) {
        // Boost.URL's own number wraps around.
        const auto port = parse_port({url->port().data(), url->port().size()}).value_or(0);
        if (port == 0) refuse();
        parsed.port = std::to_string(port);
    }
    parsed.text = origin_of(parsed.scheme, parsed.host, parsed.port);
    return parsed;
}

bool public_url::is_loopback() const { return std::ranges::find(loopback_spellings, host) != loopback_spellings.end(); }

std::vector<std::string> public_url::allowed_origins() const {
    if (!is_loopback()) return {text};
    std::vector<std::string> origins;
    for (const auto spelling : loopback_spellings) origins.push_back(origin_of(scheme, spelling, port));
    return origins;
}

}  // namespace userinfo::gateway
