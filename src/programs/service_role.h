// `userinfo service`: userinfo without HTTP, for gateways that call it over gRPC.
#pragma once

#include "programs/settings.h"

namespace userinfo::programs {

// Serves until SIGTERM or SIGINT (on SIGHUP it reopens its log file), then takes no more calls and finishes those that
// run. Returns the exit code. Throws config_error and std::runtime_error if it cannot start.
int run_service(const settings& settings);

}  // namespace userinfo::programs
