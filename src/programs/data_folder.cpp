#include "programs/data_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/user_name.h"

namespace userinfo::programs {

namespace {

std::string foreign_owner(const std::filesystem::path& folder) {
    struct stat status{};
    const auto self = ::geteuid();
    if (::stat(folder.c_str(), &status) != 0 || status.st_uid == self) return "";
    return "; the folder " + is_foreign(status.st_uid) + ": run it as " + name_of_user(status.st_uid) +
           ", or chown -R the folder to " + name_of_user(self);
}

}  // namespace

config_error data_folder_error(const std::filesystem::path& folder, const std::string& why) {
    return config_error("data_dir: " + why + foreign_owner(folder));
}

}  // namespace userinfo::programs
