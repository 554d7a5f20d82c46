#include "storage/sql/sqlite/sqlite_file.h"

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace userinfo::sql {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path) {
    throw std::runtime_error("cannot create '" + path.string() +
                             "': " + std::error_code(errno, std::generic_category()).message());
}

}  // namespace

void make_private_folder(const std::filesystem::path& folder) {
    if (folder.empty() || std::filesystem::exists(folder)) return;
    make_private_folder(folder.parent_path());
    if (mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) fail(folder);
}

void make_private_file(const std::filesystem::path& file) {
    make_private_folder(file.parent_path());
    const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0) fail(file);
    close(descriptor);
}

}  // namespace userinfo::sql
