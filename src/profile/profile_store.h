// Storage of profiles. Each function is one transaction. The changes must already satisfy profile_rules.h.
//
// All functions may also return errc::unavailable (the database does not answer) and errc::internal. Each write returns
// the resulting profile.
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "base/uuid.h"
#include "profile/profile.h"

namespace userinfo {

enum class freshness {
    recent,  // may be some seconds old, if that is cheaper, as on a replica
    latest,
};

class profile_store {
public:
    virtual ~profile_store() = default;

    // Returns version 0 without a value if the account has no profile row or does not exist.
    virtual task<result<versioned_profile>> find(uuid account, freshness wanted) = 0;

    // `changes.username` must be set. errc::already_exists: the profile exists. errc::not_found: no such account.
    virtual task<result<versioned_profile>> create(uuid account, const profile_changes& changes, timestamp now) = 0;

    // `if_versions` empty: any version. errc::not_found: no profile. errc::version_mismatch: its version is none of
    // `if_versions`.
    virtual task<result<versioned_profile>> update(uuid account, const profile_changes& changes,
                                                   std::vector<std::uint64_t> if_versions, timestamp now) = 0;

    // Clears the personal data and keeps the version as a tombstone. Errors as for `update`.
    virtual task<result<versioned_profile>> remove(uuid account, std::vector<std::uint64_t> if_versions,
                                                   timestamp now) = 0;
};

}  // namespace userinfo
