// The address of one instance of the service.
#pragma once

#include <string>

namespace userinfo::rpc {

struct instance_address {
    std::string target;   // host:port, or unix:/path
    unsigned weight = 1;  // its relative share of the calls, at least 1

    friend bool operator==(const instance_address&, const instance_address&) = default;
};

}  // namespace userinfo::rpc
