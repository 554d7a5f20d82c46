// Reads a file that contains a secret, such as a password.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string_view>

namespace userinfo::programs {

// The file's text. Wiped on destruction.
class secret_file {
public:
    // `setting` is the key that named the file. Logs a warning if the file's group has access. Throws config_error if
    // the file cannot be read, everybody has access, or it is larger than any secret.
    secret_file(std::string_view setting, const std::filesystem::path& file);
    ~secret_file();

    secret_file(const secret_file&) = delete;
    secret_file& operator=(const secret_file&) = delete;

    std::string_view text() const { return {bytes_.data(), size_}; }

    // Without trailing line ends, which editors add.
    std::string_view line() const;

private:
    std::array<char, 4096> bytes_;
    std::size_t size_ = 0;
};

}  // namespace userinfo::programs
