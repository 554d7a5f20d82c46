// What a profile's row decides: whether a write of it happens.
//
// Plain functions without I/O. A store calls them inside its transaction, on rows that it has locked.
#pragma once

#include "base/result.h"
#include "profile/profile.h"

namespace userinfo {

// It was never created, or it is deleted.
error no_such_profile();

// Whether the profile is created. errc::already_exists: there is one.
result<void> check_creation(const versioned_profile& current);

// Whether the profile is updated or deleted. errc::not_found: there is no profile, whatever the condition says.
// errc::version_mismatch: its version does not meet the condition.
result<void> check_write(const versioned_profile& current, const write_condition& condition);

}  // namespace userinfo
