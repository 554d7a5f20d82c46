// An empty temporary folder, deleted with its contents on destruction.
#pragma once

#include <filesystem>

#include "base/uuid.h"

namespace userinfo::test {

class scratch_folder {
public:
    scratch_folder() { std::filesystem::create_directories(path_); }
    ~scratch_folder() { std::filesystem::remove_all(path_); }

    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;

    std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

private:
    const std::filesystem::path path_ =
        std::filesystem::temp_directory_path() / ("userinfo-test-" + uuid::random().to_string());
};

}  // namespace userinfo::test
