#include "programs/master_key_file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_descriptor.h"
#include "base/log.h"
#include "base/trusted_file.h"
#include "programs/secret_settings.h"
#include "programs/setting_table.h"

namespace userinfo::programs {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view setting = "keys.master_file";

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
    throw config_error(std::string(setting) + ": " + file.string() + why);
}

[[noreturn]] void fail(const fs::path& file, const char* what) {
    refuse(file, std::string(": ") + what + ": " + std::strerror(errno));
}

master_keys read_keys(const fs::path& file) {
    auto keys = master_keys::parse(read_secret(setting, file).text());
    if (!keys) refuse(file, " does not hold 32 bytes in base64url, or several of them");
    return std::move(*keys);
}

// Until the folder is synced, a power failure may lose the new file.
bool sync_folder(const fs::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    const file_descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return opened.is_open() && ::fsync(opened.number()) == 0;
}

bool write_durably(int to, const master_keys& keys) {
    auto text = keys.to_text();
    const bool written = ::write(to, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    sodium_memzero(text.data(), text.size());
    return written && ::fsync(to) == 0;
}

// Writes under another name and links it: the file appears completely or not at all, and never replaces an existing
// one.
void make_file(const fs::path& file) {
    auto part = file.string() + ".XXXXXX";
    const file_descriptor opened(::mkostemp(part.data(), O_CLOEXEC));  // 0600
    if (!opened.is_open()) fail(file, "cannot be made");
    const bool written = write_durably(opened.number(), master_keys(master_key::generate()));
    const bool linked = written && (::link(part.c_str(), file.c_str()) == 0 || errno == EEXIST);
    ::unlink(part.c_str());
    if (!linked || !sync_folder(file)) fail(file, "cannot be made");
}

std::string_view setting_of_place(const settings& settings) {
    return settings.keys.master_file.empty() ? "data_dir" : setting;
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
        if (if_missing == missing_key::refuse_to_make) {
            refuse(file, " is missing: services on MariaDB share one, which you make; docs/cluster.md says how");
        }
        make_file(file);
        log_info("created the master key");
    }
    return read_keys(file);
}

missing_key at_first_start(const settings& settings) {
    return settings.mariadb.is_on() ? missing_key::refuse_to_make : missing_key::make;
}

void require_place_for_master_keys(const settings& settings) {
    const auto file = master_key_file(settings);
    if (!file) return;
    try {
        require_trusted_place(*file);
    } catch (const std::runtime_error& why) {
        throw config_error(std::string(setting_of_place(settings)) + ": " + why.what());
    }
}

void check_master_keys(const settings& settings) {
    const auto file = master_key_file(settings);
    const bool is_missing = file && !fs::exists(*file);
    const auto if_missing = at_first_start(settings);
    if (!is_missing || if_missing != missing_key::make) load_master_keys(settings, if_missing);
}

void replace_master_keys(const fs::path& named, const master_keys& keys) {
    std::error_code unresolved;
    const auto file = fs::canonical(named, unresolved);  // replaces the target of a symbolic link
    struct stat before{};
    if (unresolved || ::stat(file.c_str(), &before) != 0) fail(named, "cannot be read");
    // Always the same name, so that the next attempt removes what a crash left behind.
    const auto part = file.string() + ".new";
    ::unlink(part.c_str());
    const file_descriptor opened(::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!opened.is_open()) fail(file, "cannot be replaced");
    // The operator may be root although the server is not.
    const bool owned = ::fchmod(opened.number(), 0600) == 0 &&
                       (before.st_uid == ::geteuid() || ::fchown(opened.number(), before.st_uid, before.st_gid) == 0);
    const bool replaced = owned && write_durably(opened.number(), keys) && ::rename(part.c_str(), file.c_str()) == 0;
    const int why = errno;
    if (!replaced) ::unlink(part.c_str());
    errno = why;
    if (!replaced || !sync_folder(file)) fail(file, "cannot be replaced");
}

}  // namespace userinfo::programs
