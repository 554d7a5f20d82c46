// `userinfo config check`: says whether settings are right.
#pragma once

#include <string>
#include <vector>

#include "programs/settings.h"

namespace userinfo::programs {

// The roles that `check_config` knows.
std::vector<std::string> role_names();

// A check of CLI11: empty, or what is wrong.
std::string is_role(const std::string& name);

// The settings are loaded, so they are right by themselves. Prints warnings to standard error as a start logs them, and
// that the settings are right. If `role` is not empty, checks what it needs, certificates and their keys included.
// Throws config_error. Returns the exit code.
int check_config(const settings& settings, const std::string& role);

}  // namespace userinfo::programs
