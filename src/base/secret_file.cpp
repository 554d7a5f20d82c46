#include "base/secret_file.h"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/trusted_file.h"
#include "base/unicode.h"

namespace userinfo {

namespace {

// A key together with its chain of certificates is the largest.
constexpr std::size_t largest = 64 << 10;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
    throw std::runtime_error(file.string() + why);
}

// Judges the opened file: another one may have its name by now.
void check_mode(const file_descriptor& opened, const std::filesystem::path& file) {
    struct stat status{};
    if (::fstat(opened.number(), &status) != 0) refuse(file, std::string(": cannot be read: ") + std::strerror(errno));
    if ((status.st_mode & S_IRWXO) != 0) refuse(file, " can be used by everybody; chmod 600 it");
    if ((status.st_mode & S_IRWXG) != 0) log_warning("a secret can be used by a group", {{"file", file.native()}});
}

}  // namespace

secret_file::secret_file(std::filesystem::path file) : file_(std::move(file)) {
    const auto opened = open_trusted_file(file_);
    check_mode(opened, file_);
    bytes_.resize(largest);
    std::size_t size = 0;
    while (size < largest) {
        const auto got = ::read(opened.number(), bytes_.bytes().data() + size, largest - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) refuse(file_, std::string(": cannot be read: ") + std::strerror(errno));
        if (got == 0) {
            bytes_.resize(size);
            return;
        }
        size += static_cast<std::size_t>(got);
    }
    refuse(file_, " is too large for a secret");
}

std::string_view secret_file::text() const { return without_byte_order_mark(bytes_.view()); }

std::string_view secret_file::line() const {
    const auto end = text().find_last_not_of("\r\n");
    const auto line = text().substr(0, end == std::string_view::npos ? 0 : end + 1);
    if (line.find_first_of("\r\n") != std::string_view::npos) refuse(file_, " has more than one line");
    return line;
}

}  // namespace userinfo
