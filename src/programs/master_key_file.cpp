#include "programs/master_key_file.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "programs/setting_table.h"

namespace userinfo::programs {

namespace {

namespace fs = std::filesystem;

// More than any list of keys that makes sense.
constexpr std::size_t largest_file = 4096;

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
    throw config_error("keys.master_file: " + file.string() + why);
}

[[noreturn]] void fail(const fs::path& file, const char* what) {
    refuse(file, std::string(": ") + what + ": " + std::strerror(errno));
}

class descriptor {
public:
    explicit descriptor(int number) : number_(number) {}
    ~descriptor() {
        if (number_ >= 0) ::close(number_);
    }

    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;

    int operator*() const { return number_; }
    bool is_open() const { return number_ >= 0; }

private:
    const int number_;
};

// Wiped at its end.
struct secret_text {
    std::array<char, largest_file> bytes;
    std::size_t size = 0;

    ~secret_text() { sodium_memzero(bytes.data(), bytes.size()); }
};

void check_mode(const fs::path& file, mode_t mode) {
    if ((mode & S_IRWXO) != 0) refuse(file, " can be used by everybody; chmod 600 it");
    if ((mode & S_IRWXG) != 0) log_warning("the master key can be used by a group", {{"file", file.string()}});
}

master_keys read_keys(const fs::path& file) {
    const descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status{};
    if (!opened.is_open() || ::fstat(*opened, &status) != 0) fail(file, "cannot be read");
    check_mode(file, status.st_mode);
    secret_text text;
    while (text.size < text.bytes.size()) {
        const auto got = ::read(*opened, text.bytes.data() + text.size, text.bytes.size() - text.size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail(file, "cannot be read");
        if (got == 0) break;
        text.size += static_cast<std::size_t>(got);
    }
    const bool whole = text.size < text.bytes.size();
    auto keys = whole ? master_keys::parse({text.bytes.data(), text.size}) : std::nullopt;
    if (!keys) refuse(file, " does not hold 32 bytes in base64url, or several of them");
    return std::move(*keys);
}

// Until the folder is on the disk, a loss of power may take the new file with it.
bool sync_folder(const fs::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    const descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return opened.is_open() && ::fsync(*opened) == 0;
}

bool write_durably(int to, const master_keys& keys) {
    auto text = keys.to_text();
    const bool written = ::write(to, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    sodium_memzero(text.data(), text.size());
    return written && ::fsync(to) == 0;
}

// Written to another name and linked: the file appears whole or not at all, and never replaces one that is there.
void make_file(const fs::path& file) {
    auto part = file.string() + ".XXXXXX";
    const descriptor opened(::mkostemp(part.data(), O_CLOEXEC));  // 0600
    if (!opened.is_open()) fail(file, "cannot be made");
    const bool written = write_durably(*opened, master_keys(master_key::generate()));
    const bool linked = written && (::link(part.c_str(), file.c_str()) == 0 || errno == EEXIST);
    ::unlink(part.c_str());
    if (!linked || !sync_folder(file)) fail(file, "cannot be made");
}

fs::path file_of(const settings& settings) {
    return settings.keys.master_file.empty() ? settings.data_dir / "master.key" : settings.keys.master_file;
}

}  // namespace

std::optional<fs::path> master_key_file(const settings& settings) {
    if (!settings.keys.master.empty()) return std::nullopt;
    return file_of(settings);
}

master_keys load_master_keys(const settings& settings, missing_key if_missing) {
    if (!settings.keys.master.empty()) {
        auto keys = master_keys::parse(settings.keys.master);
        if (!keys) {
            throw config_error("USERINFO_KEYS_MASTER does not hold 32 bytes in base64url, or several of them");
        }
        return std::move(*keys);
    }
    const auto file = file_of(settings);
    if (!fs::exists(file)) {
        if (if_missing == missing_key::refuse) {
            refuse(file, " is missing, and the database's keys are sealed with it; restore it");
        }
        make_file(file);
        log_info("made the master key");
    }
    return read_keys(file);
}

void replace_master_keys(const fs::path& named, const master_keys& keys) {
    std::error_code unresolved;
    const auto file = fs::canonical(named, unresolved);  // of a link, what it leads to is replaced
    struct stat before{};
    if (unresolved || ::stat(file.c_str(), &before) != 0) fail(named, "cannot be read");
    // One name always: what a crash left behind goes with the next attempt.
    const auto part = file.string() + ".new";
    ::unlink(part.c_str());
    const descriptor opened(::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!opened.is_open()) fail(file, "cannot be replaced");
    // An operator may be root while the server is not.
    const bool owned = ::fchmod(*opened, 0600) == 0 &&
                       (before.st_uid == ::geteuid() || ::fchown(*opened, before.st_uid, before.st_gid) == 0);
    const bool replaced = owned && write_durably(*opened, keys) && ::rename(part.c_str(), file.c_str()) == 0;
    const int why = errno;
    if (!replaced) ::unlink(part.c_str());
    errno = why;
    if (!replaced || !sync_folder(file)) fail(file, "cannot be replaced");
}

}  // namespace userinfo::programs
