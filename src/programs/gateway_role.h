// `userinfo gateway`: the HTTP side alone, in front of services that it calls over gRPC.
#pragma once

#include "programs/settings.h"

namespace userinfo::programs {

// Serves until SIGTERM or SIGINT (on SIGHUP it reopens its log file and reads the TLS certificate again), then stops
// accepting and finishes what runs. Returns the exit code. Throws config_error and std::runtime_error if it cannot
// start; services that do not answer yet are no reason.
int run_gateway(const settings& settings);

}  // namespace userinfo::programs
