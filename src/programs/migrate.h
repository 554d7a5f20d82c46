// `userinfo migrate`: brings the schema of the database to this version of the program.
#pragma once

#include "programs/settings.h"

namespace userinfo::programs {

// Prints what was applied; returns 0. Throws std::runtime_error: the database cannot be used, or its schema is newer.
int run_migrate(const settings& settings);

}  // namespace userinfo::programs
