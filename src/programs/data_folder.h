// Errors of the folder that `data_dir` names.
#pragma once

#include <filesystem>
#include <string>

#include "programs/setting_table.h"

namespace userinfo::programs {

// An error that names `data_dir` and says `why`. If the folder is another user's, it also says whose, and what to do.
config_error data_folder_error(const std::filesystem::path& folder, const std::string& why);

}  // namespace userinfo::programs
