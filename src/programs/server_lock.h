// One server a data folder: a second one would not see at once which sessions the first has ended. Command line verbs
// are no servers and need no lock.
#pragma once

#include <filesystem>

namespace userinfo::programs {

// Held until its end, or the program's, however that comes.
class server_lock {
public:
    // Makes the folder if it is not there. Throws config_error that names it if another server holds it, or if it
    // cannot be made or written.
    explicit server_lock(const std::filesystem::path& data_dir);
    ~server_lock();

    server_lock(const server_lock&) = delete;
    server_lock& operator=(const server_lock&) = delete;

private:
    int file_;
};

}  // namespace userinfo::programs
