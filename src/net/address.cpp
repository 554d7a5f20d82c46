#include "net/address.h"

#include <algorithm>
#include <stdexcept>

#include <arpa/inet.h>
#include <sys/un.h>

#include "base/ascii.h"
#include "base/port.h"

namespace userinfo::net {
namespace {

bool is_ip(int family, const std::string& host) {
    in6_addr bytes;
    return inet_pton(family, host.c_str(), &bytes) == 1;
}

address parse_unix(std::string_view path) {
    constexpr auto longest = sizeof(sockaddr_un::sun_path) - 1;
    const bool is_right = path.starts_with('/') && !path.ends_with('/') && path.size() <= longest &&
                          std::ranges::none_of(path, is_control);
    if (is_right) return {.path = std::string(path)};
    throw std::invalid_argument("'unix:" + std::string(path) + "' is not an absolute path of at most " +
                                std::to_string(longest) + " bytes, such as unix:/run/userinfo/gateway.sock");
}

}  // namespace

address address::parse(std::string_view text) {
    constexpr std::string_view unix_scheme = "unix:";
    if (text.starts_with(unix_scheme)) return parse_unix(text.substr(unix_scheme.size()));
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
    if (is_unix()) return "unix:" + path;
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

}  // namespace userinfo::net
