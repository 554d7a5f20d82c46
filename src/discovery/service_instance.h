// A service as it is announced to gateways.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace userinfo::discovery {

struct service_instance {
    std::string address;  // host:port, or unix:/path
    std::string version;  // of the program
    unsigned weight = 1;  // its share of the calls, 1 to 1000

    friend bool operator==(const service_instance&, const service_instance&) = default;
};

// The text that is kept in etcd: a JSON object.
std::string to_text(const service_instance& instance);

// Nothing: it is no such text. Members that are not known are passed over: a newer program may have written it.
std::optional<service_instance> parse_instance(std::string_view text);

}  // namespace userinfo::discovery
