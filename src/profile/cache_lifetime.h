// The lifetime of profile cache entries. No cache may keep an entry longer than this.
#pragma once

#include <chrono>

#include "profile/profile.h"

namespace userinfo {

inline constexpr std::chrono::seconds longest_cache_lifetime{90};

// Returns 60 s plus a random 0 to 30 s, or 5 s for version 0. Thread-safe.
std::chrono::microseconds cache_lifetime_of(const versioned_profile& entry);

}  // namespace userinfo
