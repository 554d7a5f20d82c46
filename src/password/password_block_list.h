// Common passwords, which attackers try first: those of at least 8 characters in zxcvbn's frequency list (MIT licence).
// The build reads the list from Debian's package python3-zxcvbn.
#pragma once

#include <cstddef>
#include <string_view>

namespace userinfo {

// `password` must be in lower case.
bool is_common_password(std::string_view password);

std::size_t common_password_count();

}  // namespace userinfo
