// What every role does around its parts: the log, signals, descriptors, and the wait for the end.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/metrics.h"
#include "net/address.h"
#include "net/bound_socket.h"
#include "net/tls_certificate.h"
#include "programs/program_signals.h"
#include "programs/settings.h"

namespace userinfo::programs {

// Opens the log, and warns of variables that are no settings.
void open_server_log(const settings& settings);

void show_lost_log_lines(metrics& metrics);

// Raises the limit of descriptors.
void use_all_descriptors(const settings& settings);

// Throws config_error that names the setting `key`.
net::bound_socket bind(const std::string& key, const net::address& where,
                       net::socket_access access = net::socket_access::group);

// Tells whoever started the program, on standard output, that it answers at `where`.
void announce_ready(std::string_view where);

// Logs once it is told to stop, and returns. SIGHUP reopens the log; TLS files that changed are loaded. Any of
// `certificates` may be null.
void serve_until_told_to_stop(const program_signals& signals,
                              std::initializer_list<net::tls_certificate*> certificates);

}  // namespace userinfo::programs
