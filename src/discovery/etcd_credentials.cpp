#include "discovery/etcd_credentials.h"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <grpcpp/security/credentials.h>

#include "base/secret_file.h"

namespace userinfo::discovery {

namespace {

std::string text_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(stream)), {});
    if (!stream || text.empty()) throw std::runtime_error("'" + file.string() + "' cannot be read");
    return text;
}

}  // namespace

std::shared_ptr<grpc::ChannelCredentials> etcd_credentials(const certificate_files& files) {
    if (files.certificate.empty()) return grpc::InsecureChannelCredentials();
    return grpc::SslCredentials({.pem_root_certs = text_of(files.authority),
                                 .pem_private_key = std::string(secret_file(files.key).text()),
                                 .pem_cert_chain = text_of(files.certificate)});
}

}  // namespace userinfo::discovery
