// The code that every server role shares: log, signals, file descriptors, and the wait for shutdown.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "net/address.h"
#include "net/bound_socket.h"
#include "net/inherited_sockets.h"
#include "net/tls_certificate.h"
#include "programs/program_signals.h"
#include "programs/settings.h"

namespace userinfo::programs {

// Opens the log, and warns about environment variables that are not settings.
void open_server_log(const settings& settings);

// Raises the limit on file descriptors.
void use_all_descriptors(const settings& settings);

// The sockets that the starter keeps open. Call it before any thread is created. Throws config_error.
net::inherited_sockets inherit_sockets();

// Takes the inherited socket that listens at `where`, or else binds one. Throws config_error that names the setting
// `key`.
net::bound_socket bind(const std::string& key, const net::address& where, net::inherited_sockets& inherited,
                       net::socket_access access = net::socket_access::group);

// Throws config_error if the starter listens elsewhere than at `wanted`, the addresses of the settings: its clients
// would wait for ever. Call it before anything is bound: binding beside such a socket can fail, and the error would not
// name it.
void require_only(const net::inherited_sockets& inherited, std::initializer_list<net::address> wanted);

// Prints to standard output that the program accepts requests at `where`, for whoever started it.
void announce_ready(std::string_view where);

// Waits for SIGTERM or SIGINT, logs it, and returns. Meanwhile reopens the log on SIGHUP and reloads TLS files that
// changed. Any of `certificates` may be null.
void serve_until_told_to_stop(const program_signals& signals,
                              std::initializer_list<net::tls_certificate*> certificates);

}  // namespace userinfo::programs
