#include "programs/secret_file.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_descriptor.h"
#include "base/log.h"
#include "programs/secret_line.h"
#include "programs/setting_table.h"

namespace userinfo::programs {

namespace {

[[noreturn]] void refuse(std::string_view setting, const std::filesystem::path& file, const std::string& why) {
    throw config_error(std::string(setting) + ": " + file.string() + why);
}

}  // namespace

secret_file::secret_file(std::string_view setting, const std::filesystem::path& file) : setting_(setting), file_(file) {
    const auto fail = [&] { refuse(setting, file, std::string(": cannot be read: ") + std::strerror(errno)); };
    const file_descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status{};
    if (!opened.is_open() || ::fstat(opened.number(), &status) != 0) fail();
    if ((status.st_mode & S_IRWXO) != 0) refuse(setting, file, " can be used by everybody; chmod 600 it");
    if ((status.st_mode & S_IRWXG) != 0) {
        log_warning("a secret can be used by a group", {{"setting", setting}, {"file", file.string()}});
    }
    while (size_ < bytes_.size()) {
        const auto got = ::read(opened.number(), bytes_.data() + size_, bytes_.size() - size_);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail();
        if (got == 0) return;
        size_ += static_cast<std::size_t>(got);
    }
    refuse(setting, file, " is too large for a secret");
}

secret_file::~secret_file() { sodium_memzero(bytes_.data(), bytes_.size()); }

std::string_view secret_file::text() const { return without_byte_order_mark({bytes_.data(), size_}); }

std::string_view secret_file::line() const {
    const auto end = text().find_last_not_of("\r\n");
    const auto line = text().substr(0, end == std::string_view::npos ? 0 : end + 1);
    if (line.find_first_of("\r\n") != std::string_view::npos) refuse(setting_, file_, " has more than one line");
    return line;
}

}  // namespace userinfo::programs
