// How messages call a user of this machine.
#pragma once

#include <string>

#include <sys/types.h>

namespace userinfo {

// "root", "user ada", or "user 54321" if the system knows no name.
std::string name_of_user(uid_t user);

// "belongs to user ada, but this program runs as root".
std::string foreign_owner_phrase(uid_t owner);

}  // namespace userinfo
