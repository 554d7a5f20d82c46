// Prevents two servers on one data folder: each would learn too late which sessions the other has ended. Command line
// verbs need no lock.
#pragma once

#include <filesystem>

namespace userinfo::programs {

// Held until destruction or the end of the process, even after a crash.
class server_lock {
public:
    // Creates the folder if needed. Throws config_error that names the folder if another server holds it, or if it
    // cannot be created or written.
    explicit server_lock(const std::filesystem::path& data_dir);
    ~server_lock();

    server_lock(const server_lock&) = delete;
    server_lock& operator=(const server_lock&) = delete;

private:
    int file_;
};

}  // namespace userinfo::programs
