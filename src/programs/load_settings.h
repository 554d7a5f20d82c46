// From a file, the environment and the command line to settings; the later of these wins.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "programs/setting_table.h"
#include "programs/settings.h"

namespace userinfo::programs {

// What the command line said: by the settings' keys.
using given_options = std::map<std::string_view, std::string>;

// Throws config_error: a file that cannot be read or is no YAML, an unknown key, a bad value, or values that do not go
// together.
settings load_settings(const std::optional<std::filesystem::path>& file, const given_options& options);

// Variables of the environment that look like settings and are none: a misspelt one would otherwise pass unseen.
std::vector<std::string> unknown_variables();

// Applies a YAML file. Throws config_error.
void apply_file(settings& to, const std::filesystem::path& file);

// Throws config_error if the settings do not go together.
void check_settings(const settings& settings);

}  // namespace userinfo::programs
