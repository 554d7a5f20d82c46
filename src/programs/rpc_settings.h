// Whom gateway and service trust, by their settings.
#pragma once

#include <memory>
#include <string_view>

#include "net/tls_certificate.h"
#include "programs/settings.h"

namespace userinfo::programs {

// Throw config_error: a file cannot be used, or certificates are missing for what is not on this machine. Null: none is
// needed.
std::unique_ptr<net::tls_certificate> rpc_server_certificate(const settings& settings);
std::unique_ptr<net::tls_certificate> rpc_client_certificate(const settings& settings);

// Whether `target` may be called: it is on this machine, or must show a certificate.
bool may_call(const settings& settings, std::string_view target);

}  // namespace userinfo::programs
