// Reads the secrets in the files that settings name.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/secret_file.h"

namespace userinfo::programs {

// Return what the file holds: all of it, or its only line. `setting` is the key that named it. Throw config_error if
// the file cannot be used.
secret_file read_secret(std::string_view setting, const std::filesystem::path& file);
std::string read_password(std::string_view setting, const std::filesystem::path& file);

}  // namespace userinfo::programs
