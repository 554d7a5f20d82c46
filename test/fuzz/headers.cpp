// Single values that come in headers and addresses: If-Match, X-Forwarded-For, Forwarded, X-Request-Id, Content-Type,
// Origin, and where to listen. The input: which one, and its text.
#include <stdexcept>
#include <string>

#include <boost/asio/ip/address.hpp>

#include "fuzz/input.h"
#include "gateway/client_address.h"
#include "gateway/fields.h"
#include "gateway/origin_rule.h"
#include "gateway/preconditions.h"
#include "gateway/public_url.h"
#include "http/request_id.h"
#include "net/address.h"

namespace userinfo::gateway {
namespace {

using fuzz::require;

http::request request_with(std::string_view name, std::string_view value) {
    http::request request;
    request.method = http::method::put;
    request.headers.push_back({name, value});
    return request;
}

void check_if_match(std::string_view text) {
    const auto read = read_preconditions(request_with("If-Match", text));
    if (!read) return require(read.error().code == errc::invalid_argument, "a list fails as invalid argument");
    const auto versions = to_write_condition(*read).if_versions;
    require(versions.size() <= 16, "there are at most 16 tags");
    require(!versions.empty() || text.contains('*'), "only * allows every version");
    std::string list;
    for (const auto version : versions) {
        require(version == 0 || text.contains(to_etag(version)), "a version that is allowed stands in the list");
        list.append(list.empty() ? "" : ", ").append(to_etag(version));
    }
    if (!versions.empty()) {
        const auto again = read_preconditions(request_with("If-Match", list));
        require(again && to_write_condition(*again).if_versions == versions, "a list of ours is read back");
    }
}

bool is_address(const std::string& text) {
    boost::system::error_code error;
    boost::asio::ip::make_address(text, error);
    return !error;
}

void check_forwarded(std::string_view text) {
    static const client_address trusting({"127.0.0.1", "10.0.0.0/8", "2001:db8::/32"});
    auto request = request_with("X-Forwarded-For", text);
    request.peer_address = "192.0.2.1";
    require(trusting.of(request) == "192.0.2.1", "a peer that is not trusted speaks for itself");
    request.peer_address = "127.0.0.1";
    require(is_address(trusting.of(request)), "the client has an address");
    request.peer_address = http::unix_peer;
    const auto by_socket = trusting.of(request);
    require(by_socket == http::unix_peer || is_address(by_socket), "the client has an address, or the socket's name");
    const auto list = std::string(text) + ", 198.51.100.7";
    request.headers[0].value = list;
    require(trusting.of(request) == "198.51.100.7", "the last hop before a trusted one counts");
}

void check_rfc_forwarded(std::string_view text) {
    static const client_address trusting({"127.0.0.1", "10.0.0.0/8"}, forwarded_header::forwarded);
    auto request = request_with("Forwarded", text);
    request.peer_address = "127.0.0.1";
    require(is_address(trusting.of(request)), "the client has an address");
    const auto list = std::string(text) + ", for=\"198.51.100.7:80\";proto=https, for=10.0.0.9";
    request.headers[0].value = list;
    require(trusting.of(request) == "198.51.100.7", "nothing before a hop changes how the hop is read");
}

void check_hop(std::string_view text) {
    const auto address = address_of_hop(text);
    if (!address) return;
    const auto spelled = address->to_string();
    require(ip_address::parse(spelled) == address, "an address is read back");
    require(address_of_hop(address->is_v4() ? spelled + ":80" : '[' + spelled + "]:80") == address, "with a port, too");
    require(!spelled.contains('%'), "no zone is shown");
}

void check_request_id(std::string_view text) {
    const auto id = request_id_of(request_with("X-Request-Id", text));
    require(!id.empty() && id.size() <= 64, "a request's name is short");
    require(id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == id.npos,
            "a request's name has no character that a log or a reply could misread");
}

void check_origin(std::string_view text) {
    static const origin_rule rule({"https://id.example"});
    const bool allowed = rule.allows(request_with("Origin", text));
    require(allowed == (text == "https://id.example"), "only our own origin is allowed");
    const bool same = rule.allows(request_with("Sec-Fetch-Site", text));
    require(same == (text == "same-origin" || text == "none"), "only our own site is allowed");
}

void check_media_type(std::string_view text) {
    const auto type = media_type_of(request_with("Content-Type", text));
    const auto with_parameter = std::string(text.substr(0, text.find(';'))) + "; charset=utf-8";
    require(media_type_of(request_with("Content-Type", with_parameter)) == type, "parameters do not count");
}

// Both read what the operator wrote, and refuse it with a message or give one that reads the same again.
template <class Parse, class Write>
void check_read_back(std::string_view text, Parse parse, Write write) {
    try {
        const auto spelled = write(parse(text));
        require(write(parse(spelled)) == spelled, "what was read is read back");
    } catch (const std::invalid_argument& why) {
        require(std::string_view(why.what()).starts_with('\''), "the message quotes what is wrong");
    }
}

void check_networks(std::string_view text) {
    try {
        const client_address trusting({std::string(text)});
    } catch (const std::invalid_argument& why) {
        require(std::string_view(why.what()).starts_with('\''), "the message quotes what is wrong");
    }
}

void check_one(unsigned which, std::string_view text) {
    switch (which % 10) {
        case 0: return check_if_match(text);
        case 1: return check_forwarded(text);
        case 2: return check_request_id(text);
        case 3: return check_origin(text);
        case 4: return check_media_type(text);
        case 5: return check_read_back(text, net::address::parse, [](const auto& a) { return a.to_string(); });
        case 6: return check_read_back(text, public_url::parse, [](const auto& url) { return url.text; });
        case 7: return check_networks(text);
        case 8: return check_rfc_forwarded(text);
        case 9: return check_hop(text);
    }
}

}  // namespace
}  // namespace userinfo::gateway

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    userinfo::fuzz::input input(data, size);
    const auto which = input.byte();
    userinfo::gateway::check_one(which, input.rest());
    return 0;
}
