// Whom gateway and service trust, by their settings.
#pragma once

#include <memory>

#include "programs/settings.h"
#include "rpc/credentials.h"

namespace userinfo::programs {

// Throw config_error: a file cannot be read, or certificates are missing for what is not on this machine.
std::shared_ptr<grpc::ServerCredentials> server_credentials_of(const settings& settings);
std::shared_ptr<grpc::ChannelCredentials> client_credentials_of(const settings& settings);

}  // namespace userinfo::programs
