// How a program and etcd know each other: by certificates of one authority, both ways.
#pragma once

#include <filesystem>
#include <memory>

namespace grpc {
class ChannelCredentials;
}

namespace userinfo::discovery {

// PEM files; all or none. None: in clear, which is for what stays on this machine.
struct certificate_files {
    std::filesystem::path certificate, key, authority;
};

// Throws std::runtime_error: a file cannot be read.
std::shared_ptr<grpc::ChannelCredentials> etcd_credentials(const certificate_files& files);

}  // namespace userinfo::discovery
