// Reads the secrets in the files that settings name.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/secret_file.h"
#include "programs/settings.h"

namespace userinfo::programs {

// Throw config_error if a file cannot be used.

// All that the file holds. `setting` is the key that named it.
secret_file read_secret(std::string_view setting, const std::filesystem::path& file);

// From the environment, or else the only line of the file. Empty: neither is set.
std::string mariadb_password(const settings& settings);
std::string redis_password(const settings& settings);

}  // namespace userinfo::programs
