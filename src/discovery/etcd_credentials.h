// TLS credentials for etcd. Both sides present certificates of the same authority (mutual TLS).
#pragma once

#include <filesystem>
#include <memory>

namespace grpc {
class ChannelCredentials;
}

namespace userinfo::discovery {

// PEM files: all or none. None means no TLS, which is only for connections within this machine.
struct certificate_files {
    std::filesystem::path certificate, key, authority;
};

// Throws std::runtime_error if a file cannot be read, or the key is no usable base/secret_file.h.
std::shared_ptr<grpc::ChannelCredentials> etcd_credentials(const certificate_files& files);

}  // namespace userinfo::discovery
