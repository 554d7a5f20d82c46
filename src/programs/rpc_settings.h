// How gateways and services authenticate each other, from their settings.
#pragma once

#include <memory>
#include <string_view>

#include "net/tls_certificate.h"
#include "programs/settings.h"

namespace userinfo::programs {

// Null if no certificate is needed. Throw config_error if a file cannot be used, or if certificates are missing for a
// connection to another machine.
std::unique_ptr<net::tls_certificate> rpc_server_certificate(const settings& settings);
std::unique_ptr<net::tls_certificate> rpc_client_certificate(const settings& settings);

// Whether `target` may be called: it is on this machine, or TLS is configured.
bool may_call(const settings& settings, std::string_view target);

}  // namespace userinfo::programs
