#include "base/trusted_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/user_name.h"

namespace userinfo {

namespace {

namespace fs = std::filesystem;

constexpr int most_links = 40;  // as Linux itself has it

bool is_ours(uid_t owner) { return owner == 0 || owner == ::geteuid(); }

// In a user namespace, all users outside of it look like one that it does not have (user_namespaces(7)).
bool is_outside(uid_t owner) {
    std::ifstream map("/proc/self/uid_map");
    std::uint64_t first = 0, outer = 0, count = 0;
    bool is_read = false;
    while (map >> first >> outer >> count) {
        is_read = true;
        if (owner >= first && owner - first < count) return false;
    }
    return is_read;
}

std::string written_by(gid_t group) { return "can be written by group " + std::to_string(group) + "; chmod g-w it"; }

// Whether nobody but root and the effective user is in the group: it is root's, or the one of their own that many
// systems give each user. It has the user's name, and no members.
bool is_private(gid_t group) {
    if (group == 0) return true;
    std::array<char, 4096> user_text{}, group_text{};
    passwd user{}, *found_user = nullptr;
    struct group of_user{}, *found_group = nullptr;
    ::getpwuid_r(::geteuid(), &user, user_text.data(), user_text.size(), &found_user);
    ::getgrgid_r(group, &of_user, group_text.data(), group_text.size(), &found_group);
    if (found_user == nullptr || found_group == nullptr || user.pw_gid != group) return false;
    const std::string_view name(user.pw_name);
    if (name != of_user.gr_name) return false;
    for (char** member = of_user.gr_mem; *member != nullptr; ++member)
        if (name != *member) return false;
    return true;
}

// What an access control list grants to others shows in the mode as a right of the group.
bool has_access_list(const file_descriptor& folder) {
    const auto path = "/proc/self/fd/" + std::to_string(folder.number());
    return ::getxattr(path.c_str(), "system.posix_acl_access", nullptr, 0) >= 0;
}

// Who could replace it, and who must do what.
std::string belongs_to(uid_t owner, const std::string& remedy) {
    const auto self = ::geteuid();
    const auto trusted = self == 0 ? "root" : "root or " + name_of_user(self);
    return foreign_owner_phrase(owner) + "; run it as " + name_of_user(owner) + ", or " + remedy + ' ' + trusted;
}

std::string foreign_file(uid_t owner) { return belongs_to(owner, "chown the file to"); }

std::string foreign_way(uid_t owner) {
    return belongs_to(owner, "keep the file where all folders and links belong to");
}

enum class absence { refused, accepted };

// Walks from folder to folder.
class walk {
public:
    walk(const fs::path& file, absence if_absent) : file_(file), if_absent_(if_absent) {
        const auto whole = fs::absolute(file);
        left_.assign(whole.begin(), whole.end());
        std::ranges::reverse(left_);
    }

    // A descriptor that is not open if nothing is there, and that is accepted.
    file_descriptor to_the_file() {
        while (!left_.empty()) {
            const auto name = left_.back();
            left_.pop_back();
            if (name.has_root_directory()) {
                begin_at_root();
            } else if (!name.empty() && name != ".") {
                if (auto file = step(name)) return std::move(*file);
            }
        }
        refuse_irregular();
    }

private:
    // `what` is the file, or a folder or link on the way to it.
    [[noreturn]] void refuse(const fs::path& what, const std::string& why) const {
        const auto way = what == file_ ? "" : " cannot be trusted: " + what.string();
        throw std::runtime_error(file_.string() + way + ' ' + why);
    }

    [[noreturn]] void refuse_irregular() const { refuse(file_, "is not a regular file"); }

    [[noreturn]] void fail() const {
        throw std::runtime_error(file_.string() + ": cannot be read: " + std::strerror(errno));
    }

    // Returns the file if `name` is the last step. What is not there has nothing behind it.
    std::optional<file_descriptor> step(const fs::path& name) {
        const auto path = where_ / name;
        file_descriptor next(::openat(at_->number(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        if (!next.is_open() && errno == ENOENT && if_absent_ == absence::accepted) return next;
        const auto status = look(next);
        if (S_ISLNK(status.st_mode)) {
            follow(next, path, status);
        } else if (S_ISDIR(status.st_mode)) {
            enter(std::move(next), path, status);
        } else if (!left_.empty()) {
            errno = ENOTDIR;
            fail();
        } else {
            return open(name, status);
        }
        return std::nullopt;
    }

    // A device or a pipe is not even opened.
    file_descriptor open(const fs::path& name, const struct stat& seen) {
        if (!S_ISREG(seen.st_mode)) refuse_irregular();
        constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
        file_descriptor opened(::openat(at_->number(), name.c_str(), flags));
        const auto status = look(opened);
        if (!S_ISREG(status.st_mode)) refuse_irregular();
        if (!is_ours(status.st_uid)) refuse(file_, foreign_file(status.st_uid));
        if ((status.st_mode & S_IWGRP) != 0 && !is_private(status.st_gid)) refuse(file_, written_by(status.st_gid));
        return opened;
    }

    void follow(const file_descriptor& link, const fs::path& path, const struct stat& status) {
        if (!is_ours(status.st_uid) && !is_outside(status.st_uid)) refuse(path, foreign_way(status.st_uid));
        std::array<char, PATH_MAX> text{};
        const auto size = ::readlinkat(link.number(), "", text.data(), text.size());
        if (size < 0) fail();
        if (++links_ > most_links) {
            errno = ELOOP;
            fail();
        }
        const fs::path target(std::string(text.data(), static_cast<std::size_t>(size)));
        const std::vector<fs::path> names(target.begin(), target.end());
        left_.insert(left_.end(), names.rbegin(), names.rend());
    }

    void begin_at_root() {
        file_descriptor root(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
        const auto status = look(root);
        enter(std::move(root), "/", status);
    }

    struct stat look(const file_descriptor& at) const {
        struct stat status{};
        if (!at.is_open() || ::fstat(at.number(), &status) != 0) fail();
        return status;
    }

    void enter(file_descriptor folder, const fs::path& path, const struct stat& status) {
        if (!is_ours(status.st_uid) && !is_outside(status.st_uid)) refuse(path, foreign_way(status.st_uid));
        const bool is_sticky = (status.st_mode & S_ISVTX) != 0;
        const bool others_write = (status.st_mode & S_IWOTH) != 0;
        const bool group_writes =
            (status.st_mode & S_IWGRP) != 0 && (!is_private(status.st_gid) || has_access_list(folder));
        if (!is_sticky && others_write) refuse(path, "can be written by everybody; chmod o-w it");
        if (!is_sticky && group_writes) {
            refuse(path, written_by(status.st_gid));
        }
        at_.emplace(std::move(folder));
        where_ = path;
    }

    const fs::path file_;
    const absence if_absent_;
    std::vector<fs::path> left_;  // the next one last
    std::optional<file_descriptor> at_;
    fs::path where_;
    int links_ = 0;
};

}  // namespace

file_descriptor open_trusted_file(const fs::path& file) { return walk(file, absence::refused).to_the_file(); }

void require_trusted_place(const fs::path& file) { walk(file, absence::accepted).to_the_file(); }

}  // namespace userinfo
