// Creates files and folders with access for the program's user only.
#pragma once

#include <filesystem>

namespace userinfo::sql {

// Creates the folder (0700), and those above it, if they do not exist. Does not change existing ones. Throws
// std::runtime_error that names what could not be created.
void make_private_folder(const std::filesystem::path& folder);

// Creates an empty file (0600) and its folder (0700) if they do not exist. Does not change existing ones. SQLite gives
// the -wal and -shm files the same mode. Throws std::runtime_error that names what could not be created.
void make_private_file(const std::filesystem::path& file);

}  // namespace userinfo::sql
