#include "gateway/client_address.h"

#include <algorithm>
#include <ranges>
#include <stdexcept>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "base/ascii.h"
#include "base/comma_list.h"

namespace userinfo::gateway {

namespace ip = boost::asio::ip;

namespace {

// An IPv4 client of a listener on "[::]" comes as ::ffff:a.b.c.d.
ip::address unmapped(const ip::address& address) {
    if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

// The hops of all X-Forwarded-For headers, in order.
std::vector<std::string_view> hops_of(const http::request& request) {
    std::vector<std::string_view> hops;
    for (const auto& header : request.headers) {
        if (!equal_ignoring_case(header.name, "X-Forwarded-For")) continue;
        for (const auto hop : comma_list(header.value)) hops.push_back(hop);
    }
    return hops;
}

}  // namespace

class client_address::network {
public:
    explicit network(const std::string& text) {
        boost::system::error_code error;
        const auto slash = text.find('/');
        const auto address = unmapped(ip::make_address(text.substr(0, slash), error));
        if (error) refuse(text);
        bytes_ = address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6();
        const int longest = address.is_v4() ? 32 : 128;
        const int given = slash == text.npos ? longest : parse_length(text, slash + 1, longest);
        length_ = given + (128 - longest);
    }

    bool contains(const ip::address& address) const {
        const auto v6 = address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6();
        const auto prefix = static_cast<unsigned short>(length_);
        return ip::make_network_v6(v6, prefix).canonical() == ip::make_network_v6(bytes_, prefix).canonical();
    }

private:
    [[noreturn]] static void refuse(const std::string& text) {
        throw std::invalid_argument("'" + text + "' is not an IP address or network");
    }

    static int parse_length(const std::string& text, std::size_t begin, int longest) {
        const auto digits = text.substr(begin);
        const bool number = !digits.empty() && digits.size() <= 3 &&
                            std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
        if (!number || std::stoi(digits) > longest) refuse(text);
        return std::stoi(digits);
    }

    ip::address_v6 bytes_;
    int length_ = 0;
};

client_address::client_address(const std::vector<std::string>& trusted_proxies) {
    for (const auto& proxy : trusted_proxies) trusted_.emplace_back(proxy);
}

client_address::~client_address() = default;

std::string client_address::of(const http::request& request) const {
    std::string client(request.peer_address);
    const bool is_proxy = client == http::unix_peer || (!trusted_.empty() && is_trusted(client));
    if (!is_proxy) return client;
    for (const auto hop : hops_of(request) | std::views::reverse) {
        boost::system::error_code error;
        const auto address = ip::make_address(hop, error);
        if (error) break;
        client = unmapped(address).to_string();  // one spelling for each address
        if (!is_trusted(client)) break;
    }
    return client;
}

bool client_address::is_trusted(std::string_view address) const {
    boost::system::error_code error;
    const auto parsed = ip::make_address(address, error);
    if (error) return false;
    return std::ranges::any_of(trusted_, [&](const network& network) { return network.contains(unmapped(parsed)); });
}

}  // namespace userinfo::gateway
