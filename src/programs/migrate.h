// `userinfo migrate`: migrates the database schema to this version of the program.
#pragma once

#include "programs/settings.h"

namespace userinfo::programs {

// Prints the applied migrations and returns 0. Throws std::runtime_error if the database cannot be used or its schema
// is newer.
int run_migrate(const settings& settings);

}  // namespace userinfo::programs
