// `userinfo standalone`: everything in one process, on an embedded database.
#pragma once

#include "programs/settings.h"

namespace userinfo::programs {

// Serves until SIGTERM or SIGINT, then shuts down gracefully. On SIGHUP, reopens the log file and reloads the TLS
// certificate. Returns the exit code. Throws config_error and std::runtime_error if it cannot start.
int run_standalone(const settings& settings);

}  // namespace userinfo::programs
