// How long an entry of a profile_cache is kept: no cache may keep one for longer.
#pragma once

#include <chrono>

#include "profile/profile.h"

namespace userinfo {

inline constexpr std::chrono::seconds longest_cache_lifetime{90};

// 60 s and up to 30 s more at random; 5 s for version 0. Thread-safe.
std::chrono::microseconds cache_lifetime_of(const versioned_profile& entry);

}  // namespace userinfo
