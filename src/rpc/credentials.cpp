#include "rpc/credentials.h"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <boost/asio/ip/address.hpp>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include "base/task.h"

namespace userinfo::rpc {

namespace {

std::string text_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(stream)), {});
    if (!stream || text.empty()) throw std::runtime_error("'" + file.string() + "' cannot be read");
    return text;
}

}  // namespace

bool stays_on_this_machine(std::string_view target) {
    if (target.starts_with("unix:") || target.starts_with("localhost:")) return true;
    const auto host = target.substr(0, target.rfind(':'));
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    boost::system::error_code not_an_address;
    const auto address = asio::ip::make_address(bracketed ? host.substr(1, host.size() - 2) : host, not_an_address);
    return !not_an_address && address.is_loopback();
}

std::shared_ptr<grpc::ServerCredentials> server_credentials(const certificate_files& files) {
    if (files.certificate.empty()) return grpc::InsecureServerCredentials();
    grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    options.pem_root_certs = text_of(files.authority);
    options.pem_key_cert_pairs.push_back({.private_key = text_of(files.key), .cert_chain = text_of(files.certificate)});
    return grpc::SslServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> client_credentials(const certificate_files& files) {
    if (files.certificate.empty()) return grpc::InsecureChannelCredentials();
    return grpc::SslCredentials({.pem_root_certs = text_of(files.authority),
                                 .pem_private_key = text_of(files.key),
                                 .pem_cert_chain = text_of(files.certificate)});
}

}  // namespace userinfo::rpc
