// `userinfo gateway`: the HTTP front alone. It calls services over gRPC.
#pragma once

#include "programs/settings.h"

namespace userinfo::programs {

// Serves until SIGTERM or SIGINT, then shuts down gracefully. On SIGHUP, reopens the log file and reloads the TLS
// certificate. Returns the exit code. Throws config_error and std::runtime_error if it cannot start. Starts even if no
// service answers yet.
int run_gateway(const settings& settings);

}  // namespace userinfo::programs
