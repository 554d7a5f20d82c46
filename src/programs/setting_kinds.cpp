#include "programs/setting_kinds.h"

#include <array>
#include <stdexcept>

#include "base/ip_networks.h"
#include "gateway/pages.h"
#include "gateway/product.h"
#include "gateway/public_url.h"
#include "programs/setting_values.h"

namespace userinfo::programs {

namespace {

constexpr std::size_t most_calls = 60'000'000;  // of one a microsecond
constexpr std::size_t most_origins = 100;       // each visit of a page is told all of them
constexpr std::string_view https = "https://";

}  // namespace

source_rate read_rate(std::string_view text) {
    const auto per_minute = read_number(text, 1, most_calls);
    return {.per_minute = per_minute, .burst = per_minute};
}

std::string read_public_url(std::string_view text) { return gateway::public_url::parse(text).text; }

std::vector<std::string> read_proxies(std::string_view text) {
    auto proxies = read_list(text);
    const ip_networks check(proxies);  // throws if one is not an address
    return proxies;
}

gateway::forwarded_header read_forwarded_header(std::string_view text) {
    using enum gateway::forwarded_header;
    return std::array{x_forwarded_for, forwarded}[read_choice(text, forwarded_headers)];
}

std::string read_pages_path(std::string_view text) { return gateway::parse_pages_path(text); }

std::string read_product_name(std::string_view text) { return gateway::parse_product_name(text); }

std::string read_home(std::string_view text) { return gateway::parse_home(text); }

std::vector<std::string> read_return_origins(std::string_view text) {
    auto origins = read_list(text);
    if (origins.size() > most_origins) {
        throw std::invalid_argument("at most " + std::to_string(most_origins) + " origins are expected");
    }
    for (const auto& origin : origins) gateway::parse_return_origin(origin);
    return origins;
}

std::string read_text(std::string_view text) {
    if (text.empty()) throw std::invalid_argument("it must not be empty");
    return std::string(text);
}

net::address read_tcp_address(std::string_view text) {
    auto address = net::address::parse(text);
    if (address.is_unix()) throw std::invalid_argument("'" + std::string(text) + "' is not an IP address and a port");
    return address;
}

std::string read_rpc_address(std::string_view text) { return net::address::parse(text).to_string(); }

std::string read_target(std::string_view text) {
    const auto port = text.rfind(':');
    const bool is_named = port != 0 && port != text.npos && port + 1 != text.size();
    if (!is_named) throw std::invalid_argument("'" + std::string(text) + "' is neither HOST:PORT nor unix:/PATH");
    return std::string(text);
}

std::vector<std::string> read_targets(std::string_view text) {
    auto targets = read_list(text);
    if (targets.empty()) throw std::invalid_argument("at least one service is expected");
    for (const auto& target : targets) read_target(target);
    return targets;
}

std::vector<std::string> read_etcd_members(std::string_view text) {
    auto members = read_list(text);
    for (const std::string_view member : members) {
        read_host_and_port(member.starts_with(https) ? member.substr(https.size()) : member);
        if (member.starts_with(https) != members.front().starts_with(https)) {
            throw std::invalid_argument("either all of etcd's members are https or none is");
        }
    }
    return members;
}

primary_loss read_primary_loss(std::string_view text) {
    return std::array{primary_loss::serve, primary_loss::refuse}[read_choice(text, primary_losses)];
}

log_level read_level(std::string_view text) {
    using enum log_level;
    return std::array{debug, info, warning, error, off}[read_choice(text, log_levels)];
}

log_format read_format(std::string_view text) {
    using enum log_format;
    return std::array{automatic, json, plain}[read_choice(text, log_formats)];
}

std::vector<std::string> read_nodes(std::string_view text) {
    auto nodes = read_list(text);
    for (const auto& node : nodes) read_host_and_port(node);
    return nodes;
}

std::vector<std::string> read_database_hosts(std::string_view text) {
    auto hosts = read_list(text);
    for (const auto& host : hosts) {
        if (!host.starts_with("unix:/")) read_host_and_port(host);
    }
    return hosts;
}

}  // namespace userinfo::programs
