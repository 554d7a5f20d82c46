// Loads the settings from the configuration file, the environment and the command line, in ascending precedence. An
// empty environment variable counts as not set.
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

// The options of the command line, by setting key.
using given_options = std::map<std::string_view, std::string>;

// Throws config_error for an unreadable file, invalid YAML, an unknown key, an invalid value, or settings that
// conflict.
settings load_settings(const std::optional<std::filesystem::path>& file, const given_options& options);

// Environment variables that look like settings but are not, so that a misspelled one does not go unnoticed.
std::vector<std::string> unknown_variables();

// Applies a YAML file. Throws config_error.
void apply_file(settings& to, const std::filesystem::path& file);

// Throws config_error if settings conflict.
void check_settings(const settings& settings);

}  // namespace userinfo::programs
