// Whom gateway and service trust, by their settings.
#pragma once

#include <memory>
#include <string_view>

#include "programs/settings.h"
#include "rpc/credentials.h"

namespace userinfo::programs {

// Throw config_error: a file cannot be read, or certificates are missing for what is not on this machine.
std::shared_ptr<grpc::ServerCredentials> server_credentials_of(const settings& settings);
std::shared_ptr<grpc::ChannelCredentials> client_credentials_of(const settings& settings);

// Whether `target` may be called: it is on this machine, or must show a certificate.
bool may_call(const settings& settings, std::string_view target);

}  // namespace userinfo::programs
