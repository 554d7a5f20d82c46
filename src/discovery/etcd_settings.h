// How to reach etcd, and the key prefix under which services are registered.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace grpc {
class ChannelCredentials;
}

namespace userinfo::discovery {

struct etcd_settings {
    std::vector<std::string> endpoints;  // host:port each; at least one
    std::shared_ptr<grpc::ChannelCredentials> credentials;
    std::string prefix = "userinfo";
    std::chrono::seconds lease{10};  // how long a dead instance stays registered
};

}  // namespace userinfo::discovery
