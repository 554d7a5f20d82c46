// Reads a file that contains a secret, such as a password.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
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

    // Without a byte order mark, which editors on Windows add.
    std::string_view text() const;

    // The same without trailing line ends, which editors add. Throws config_error if it is more than one line.
    std::string_view line() const;

private:
    const std::string setting_;
    const std::filesystem::path file_;
    std::array<char, 4096> bytes_;
    std::size_t size_ = 0;
};

}  // namespace userinfo::programs
