#include "programs/data_folder.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/user_name.h"

namespace userinfo::programs {

namespace {

std::string foreign_owner(const std::filesystem::path& folder) {
    struct stat status{};
    const auto self = ::geteuid();
    if (::stat(folder.c_str(), &status) != 0 || status.st_uid == self) return "";
    return "; the folder " + foreign_owner_phrase(status.st_uid) + ": run it as " + name_of_user(status.st_uid) +
           ", or chown -R the folder to " + name_of_user(self);
}

}  // namespace

config_error data_folder_error(const std::filesystem::path& folder, const std::string& why) {
    return config_error("data_dir: " + why + foreign_owner(folder));
}

void require_database(const std::filesystem::path& file) {
    if (::faccessat(AT_FDCWD, file.c_str(), R_OK, AT_EACCESS) == 0) return;
    const int why = errno;
    const auto path = std::filesystem::absolute(file).lexically_normal().string();
    if (why == ENOENT || why == ENOTDIR) {
        throw config_error("data_dir: there is no database at '" + path +
                           "'; run this in the server's folder, or set data_dir");
    }
    throw data_folder_error(file.parent_path(), "cannot open '" + path + "': " + std::strerror(why));
}

}  // namespace userinfo::programs
