#include "programs/connection_limits.h"

#include <algorithm>

namespace userinfo::programs {

namespace {

// Many people may share an address (NAT), but hardly a quarter of all clients at once.
constexpr std::size_t sources_at_least = 4;

constexpr std::size_t management_connections = 256;
constexpr std::size_t management_sources_at_least = 2;

std::size_t share_of(std::size_t connections, std::size_t sources) {
    return std::max<std::size_t>(1, connections / sources);
}

}  // namespace

http::limits client_limits(const settings& settings, std::size_t open_files) {
    auto limits = settings.http.limits;
    limits.connections_per_source = settings.http.connections_per_source.value_or(
        share_of(std::min(limits.connections, open_files), sources_at_least));
    return limits;
}

http::limits management_limits(const settings& settings) {
    auto limits = settings.http.limits;
    limits.connections = std::min(limits.connections, management_connections);
    limits.connections_per_source = share_of(limits.connections, management_sources_at_least);
    return limits;
}

}  // namespace userinfo::programs
