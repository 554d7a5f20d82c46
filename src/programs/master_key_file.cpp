#include "programs/master_key_file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

#include "base/log.h"
#include "programs/setting_table.h"

namespace userinfo::programs {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, const char* what) {
    throw config_error("keys.master_file: " + file.string() + ": " + what + ": " + std::strerror(errno));
}

master_key read_key(const fs::path& file) {
    std::ifstream stream(file);
    if (!stream) fail(file, "cannot be read");
    std::string text;
    std::getline(stream, text);
    const auto key = master_key::parse(text);
    if (!key) throw config_error("keys.master_file: " + file.string() + " does not hold 32 bytes in base64url");
    return *key;
}

// Until the folder is on the disk, a loss of power may take the new file with it.
bool sync_folder(const fs::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool synced = ::fsync(fd) == 0;
    ::close(fd);
    return synced;
}

// Written to another name and linked: the file appears whole or not at all, and never replaces one that is there.
void write_key(const fs::path& file, const master_key& key) {
    const auto text = key.to_base64url() + '\n';
    auto part = file.string() + ".XXXXXX";
    const int fd = ::mkostemp(part.data(), O_CLOEXEC);  // 0600
    if (fd < 0) fail(file, "cannot be made");
    const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
    ::close(fd);
    const bool linked = written && (::link(part.c_str(), file.c_str()) == 0 || errno == EEXIST);
    ::unlink(part.c_str());
    if (!linked || !sync_folder(file)) fail(file, "cannot be made");
}

}  // namespace

master_key load_master_key(const settings& settings, missing_key if_missing) {
    if (!settings.keys.master.empty()) {
        const auto key = master_key::parse(settings.keys.master);
        if (!key) throw config_error("USERINFO_KEYS_MASTER does not hold 32 bytes in base64url");
        return *key;
    }
    const auto file = settings.keys.master_file.empty() ? settings.data_dir / "master.key" : settings.keys.master_file;
    if (!fs::exists(file)) {
        if (if_missing == missing_key::refuse) {
            throw config_error("keys.master_file: " + file.string() +
                               " is missing, and the database's keys are sealed with it; restore it");
        }
        write_key(file, master_key::generate());
        log_info("made the master key");
    }
    return read_key(file);
}

}  // namespace userinfo::programs
