// The file that holds everybody's data belongs to the program's user alone.
#pragma once

#include <filesystem>

namespace userinfo::sql {

// Makes an empty file, 0600, and its folder, 0700, if they are not there; leaves alone what is. SQLite gives the -wal
// and -shm files beside it the same mode. Throws std::runtime_error that names what could not be made.
void make_private_file(const std::filesystem::path& file);

}  // namespace userinfo::sql
