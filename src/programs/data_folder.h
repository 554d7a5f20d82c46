// The folder that `data_dir` names: what is wrong with it.
#pragma once

#include <filesystem>
#include <string>

#include "programs/setting_table.h"

namespace userinfo::programs {

// An error that names `data_dir` and says `why`. If the folder is another user's, it also says whose, and what to do.
config_error data_folder_error(const std::filesystem::path& folder, const std::string& why);

// Throws config_error if there is no embedded database, or this program may not read it. For verbs, which must not make
// one: nobody asks for a new database where none is.
void require_database(const std::filesystem::path& file);

}  // namespace userinfo::programs
