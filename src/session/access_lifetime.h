// The longest life that an operator can give access tokens. A revocation must be remembered for at least as long.
#pragma once

#include <chrono>

namespace userinfo {

inline constexpr std::chrono::hours longest_access_lifetime{24};

}  // namespace userinfo
