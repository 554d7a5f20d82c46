// A service instance as it is registered for gateways.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace userinfo::discovery {

struct service_instance {
    std::string address;  // host:port or unix:/path
    std::string version;  // the program's version
    unsigned weight = 1;  // share of the calls, 1 to 1000

    friend bool operator==(const service_instance&, const service_instance&) = default;
};

// The etcd value: a JSON object.
std::string to_text(const service_instance& instance);

// Returns nothing if `text` is not an instance. Unknown members are ignored, because a newer program may have written
// them.
std::optional<service_instance> parse_instance(std::string_view text);

}  // namespace userinfo::discovery
