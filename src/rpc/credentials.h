// How gateway and service know each other: by certificates of one authority, both ways. Without certificates only what
// stays on this machine is allowed: a loopback address, or a unix socket, which its owner alone may open.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

namespace grpc {
class ChannelCredentials;
class ServerCredentials;
}  // namespace grpc

namespace userinfo::rpc {

// PEM files; all or none.
struct certificate_files {
    std::filesystem::path certificate, key, authority;
};

// Whether `target` (host:port, or unix:/path) cannot be reached from another machine. A name may be anywhere.
bool stays_on_this_machine(std::string_view target);

// Throw std::runtime_error: a file cannot be read.
std::shared_ptr<grpc::ServerCredentials> server_credentials(const certificate_files& files);
std::shared_ptr<grpc::ChannelCredentials> client_credentials(const certificate_files& files);

}  // namespace userinfo::rpc
