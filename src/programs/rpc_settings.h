// Where gateways and services find each other, and how they authenticate each other, from their settings.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/bound_socket.h"
#include "net/inherited_sockets.h"
#include "net/tls_certificate.h"
#include "programs/settings.h"

namespace userinfo::programs {

// Needed for mutual TLS, as an error names them.
inline constexpr auto certificate_settings = "rpc.certificate, rpc.key and rpc.authority";

// The service's address: rpc.listen, or the socket in data_dir.
std::string rpc_address(const settings& settings);

// The services that a gateway calls if etcd is not used: discovery.fixed, or the socket in data_dir.
std::vector<std::string> fixed_services(const settings& settings);

// Takes the inherited socket at `rpc_address`, or else binds one. Makes data_dir if the socket is there. Throws
// config_error.
net::bound_socket bind_rpc(const settings& settings, net::inherited_sockets& inherited);

// Null if no certificate is needed. Throw config_error if a file cannot be used, or if certificates are missing: a
// service listens beyond this machine, or a gateway would not be believed.
std::unique_ptr<net::tls_certificate> rpc_server_certificate(const settings& settings);
std::unique_ptr<net::tls_certificate> rpc_client_certificate(const settings& settings);

// Whether a gateway may call `target`: through a unix socket, or with mutual TLS. A service believes no other gateway
// what it says about its clients.
bool may_call(const settings& settings, std::string_view target);

}  // namespace userinfo::programs
