#include "h2/target.h"

#include <cstdint>
#include <optional>

#include <boost/asio/local/stream_protocol.hpp>

#include "base/port.h"
#include "base/resolve.h"

namespace userinfo::h2 {

namespace {

constexpr std::string_view unix_scheme = "unix:";

std::optional<std::uint16_t> port_of(std::string_view target) {
    const auto colon = target.rfind(':');
    if (colon == target.npos) return std::nullopt;
    return parse_port(target.substr(colon + 1));
}

}  // namespace

bool is_unix(std::string_view target) { return target.starts_with(unix_scheme); }

bool stays_on_this_machine(std::string_view target) {
    if (is_unix(target) || target.starts_with("localhost:")) return true;
    boost::system::error_code not_an_address;
    const auto address = asio::ip::make_address(host_of(target), not_an_address);
    return !not_an_address && address.is_loopback();
}

std::string host_of(std::string_view target) {
    if (is_unix(target)) return "localhost";
    const auto host = target.substr(0, target.rfind(':'));
    return std::string(host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host);
}

task<std::vector<asio::generic::stream_protocol::endpoint>> places_of(std::string target) {
    std::vector<asio::generic::stream_protocol::endpoint> places;
    if (is_unix(target)) {
        const auto path = std::string_view(target).substr(unix_scheme.size());
        if (path.size() < sizeof(sockaddr_un::sun_path))
            places.emplace_back(asio::local::stream_protocol::endpoint(path));
    } else if (const auto port = port_of(target)) {
        for (const auto& place : co_await resolve(host_of(target), *port)) places.emplace_back(place);
    }
    co_return places;
}

}  // namespace userinfo::h2
