// Storage of profiles. Each function is one transaction. The changes must already satisfy profile_rules.h.
//
// All functions may also return errc::unavailable (the database does not answer) and errc::internal. Each write returns
// the resulting profile.
#pragma once

#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "base/uuid.h"
#include "profile/profile.h"

namespace userinfo {

class profile_store {
public:
    virtual ~profile_store() = default;

    // Returns the latest version. Version 0 without a value if the account has no profile row or does not exist.
    virtual task<result<versioned_profile>> find(uuid account) = 0;

    // Likewise from a replica, which may be some seconds behind. Returns nothing if there is no replica to ask.
    virtual task<result<std::optional<versioned_profile>>> find_on_replica(uuid account) = 0;

    // `changes.username` must be set. errc::already_exists: the profile exists. errc::not_found: no such account.
    virtual task<result<versioned_profile>> create(uuid account, const profile_changes& changes, timestamp now) = 0;

    // errc::not_found: no profile. errc::version_mismatch: its version does not meet the condition.
    virtual task<result<versioned_profile>> update(uuid account, const profile_changes& changes,
                                                   write_condition condition, timestamp now) = 0;

    // Clears the personal data and keeps the version as a tombstone. Errors as for `update`.
    virtual task<result<versioned_profile>> remove(uuid account, write_condition condition, timestamp now) = 0;
};

}  // namespace userinfo
