#include "base/user_name.h"

#include <array>

#include <pwd.h>
#include <unistd.h>

namespace userinfo {

std::string name_of_user(uid_t user) {
    if (user == 0) return "root";
    std::array<char, 4096> text{};
    passwd entry{}, *found = nullptr;
    ::getpwuid_r(user, &entry, text.data(), text.size(), &found);
    return "user " + (found == nullptr ? std::to_string(user) : std::string(entry.pw_name));
}

std::string foreign_owner_phrase(uid_t owner) {
    return "belongs to " + name_of_user(owner) + ", but this program runs as " + name_of_user(::geteuid());
}

}  // namespace userinfo
