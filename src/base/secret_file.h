// Reads a file that contains a secret, such as a password or a private key.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/secret_string.h"

namespace userinfo {

// The file's text. Wiped on destruction.
class secret_file {
public:
    // Logs a warning if the file's group has access. Throws std::runtime_error that begins with the name of the file if
    // open_trusted_file refuses it, everybody has access, it cannot be read, or it is larger than any secret.
    explicit secret_file(std::filesystem::path file);

    // Without a byte order mark, which editors on Windows add.
    std::string_view text() const;

    // The same without trailing line ends, which editors add. Throws std::runtime_error if it is more than one line.
    std::string_view line() const;

private:
    std::filesystem::path file_;
    secret_string bytes_;
};

}  // namespace userinfo
