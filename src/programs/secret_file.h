// A file with a secret, as operators keep them beside a configuration.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string_view>

namespace userinfo::programs {

// Its text, wiped at the end of this.
class secret_file {
public:
    // `setting` is the key that named the file. Warns in the log of a file that its group may use. Throws config_error:
    // it cannot be read, everybody may use it, or it is larger than any secret.
    secret_file(std::string_view setting, const std::filesystem::path& file);
    ~secret_file();

    secret_file(const secret_file&) = delete;
    secret_file& operator=(const secret_file&) = delete;

    std::string_view text() const { return {bytes_.data(), size_}; }

    // Without the ends of lines that an editor leaves behind it.
    std::string_view line() const;

private:
    std::array<char, 4096> bytes_;
    std::size_t size_ = 0;
};

}  // namespace userinfo::programs
