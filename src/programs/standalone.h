// `userinfo standalone`: everything in one process, on an embedded database.
#pragma once

#include "programs/settings.h"

namespace userinfo::programs {

// Serves until SIGTERM or SIGINT (on SIGHUP it reopens its log file and reads the TLS certificate again), then stops
// accepting and finishes what runs. Returns the exit code. Throws config_error and std::runtime_error if it cannot
// start.
int run_standalone(const settings& settings);

}  // namespace userinfo::programs
