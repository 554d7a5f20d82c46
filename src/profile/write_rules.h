// What a profile's row decides: whether a write of it happens.
//
// Plain functions without I/O. A store calls them inside its transaction, on rows that it has locked.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "profile/profile.h"

namespace userinfo {

// It was never created, or it is deleted.
error no_such_profile();

// Whether the profile is created. errc::already_exists: there is one.
result<void> check_creation(const versioned_profile& current);

// Whether the profile is updated or deleted. `if_versions` empty: whatever its version is. errc::not_found: there is no
// profile, whatever `if_versions` says. errc::version_mismatch: its version is none of `if_versions`.
result<void> check_write(const versioned_profile& current, const std::vector<std::uint64_t>& if_versions);

}  // namespace userinfo
