#include "programs/server_lock.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "programs/data_folder.h"
#include "programs/setting_table.h"
#include "storage/sql/sqlite/sqlite_file.h"

namespace userinfo::programs {

namespace {

int open_private(const std::filesystem::path& file) {
    try {
        sql::make_private_file(file);
    } catch (const std::runtime_error& why) {
        throw data_folder_error(file.parent_path(), why.what());
    }
    return ::open(file.c_str(), O_RDWR | O_CLOEXEC);
}

}  // namespace

server_lock::server_lock(const std::filesystem::path& data_dir) : file_(open_private(data_dir / "server.lock")) {
    if (file_ >= 0 && ::flock(file_, LOCK_EX | LOCK_NB) == 0) return;
    const int why = errno;
    if (file_ >= 0) ::close(file_);
    if (why == EWOULDBLOCK) throw config_error("data_dir: " + data_dir.string() + " is in use by another server");
    throw data_folder_error(data_dir, data_dir.string() + " cannot be locked: " + std::strerror(why));
}

server_lock::~server_lock() { ::close(file_); }

}  // namespace userinfo::programs
