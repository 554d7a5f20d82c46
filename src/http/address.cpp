#include "http/address.h"

#include <charconv>
#include <optional>
#include <stdexcept>

#include <arpa/inet.h>

namespace userinfo::http {
namespace {

bool is_ip(int family, const std::string& host) {
    in6_addr bytes;
    return inet_pton(family, host.c_str(), &bytes) == 1;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return port;
}

}  // namespace

address address::parse(std::string_view text) {
    const auto fail = [&] {
        return std::invalid_argument("'" + std::string(text) +
                                     "' is not an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080");
    };
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) throw fail();
    const auto port = parse_port(text.substr(colon + 1));
    if (!port) throw fail();

    std::string host(text.substr(0, colon));
    if (host == "localhost") host = "127.0.0.1";
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
        if (!is_ip(AF_INET6, host)) throw fail();
    } else if (!is_ip(AF_INET, host)) {
        throw fail();
    }
    return {.host = host, .port = *port};
}

std::string address::to_string() const {
    const auto number = std::to_string(port);
    return is_v6() ? "[" + host + "]:" + number : host + ":" + number;
}

bool address::is_loopback() const {
    in_addr v4;
    if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
    in6_addr v6;
    return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool address::is_unspecified() const {
    in_addr v4;
    if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return v4.s_addr == INADDR_ANY;
    in6_addr v6;
    return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_UNSPECIFIED(&v6);
}

}  // namespace userinfo::http
