// Passwords that are guessed first: the common ones of at least 8 characters from zxcvbn's frequency list (MIT licence,
// Debian's package python3-zxcvbn), taken from that package when the program is built.
#pragma once

#include <cstddef>
#include <string_view>

namespace userinfo {

// `password` is lower-case.
bool is_common_password(std::string_view password);

std::size_t common_password_count();

}  // namespace userinfo
