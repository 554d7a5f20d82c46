// Where etcd is, and under which keys services are announced there.
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
    std::chrono::seconds lease{10};  // how long an instance that has died stays announced
};

}  // namespace userinfo::discovery
