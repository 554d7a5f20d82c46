// `userinfo service`: the service without HTTP, for gateways that call it over gRPC.
#pragma once

#include "programs/settings.h"

namespace userinfo::programs {

// Serves until SIGTERM or SIGINT, then shuts down gracefully. On SIGHUP, reopens the log file. Returns the exit code.
// Throws config_error and std::runtime_error if it cannot start.
int run_service(const settings& settings);

}  // namespace userinfo::programs
