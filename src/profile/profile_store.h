// Where profiles are kept. Each function is one transaction; the changes it is given obey the rules of profile_rules.h.
//
// Every function may also return errc::unavailable (the database does not answer) and errc::internal. Each write
// returns the profile as it is after it.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "base/uuid.h"
#include "profile/profile.h"

namespace userinfo {

enum class freshness {
    recent,  // as it was at most some seconds ago, where that is easier to have
    latest,
};

class profile_store {
public:
    virtual ~profile_store() = default;

    // Version 0 without a value if the account has no row, or there is no such account.
    virtual task<result<versioned_profile>> find(uuid account, freshness wanted) = 0;

    // `changes.username` is set. errc::already_exists: there is one. errc::not_found: no such account.
    virtual task<result<versioned_profile>> create(uuid account, const profile_changes& changes, timestamp now) = 0;

    // errc::not_found: there is none. errc::version_mismatch: its version is not `if_version`.
    virtual task<result<versioned_profile>> update(uuid account, const profile_changes& changes,
                                                   std::optional<std::uint64_t> if_version, timestamp now) = 0;

    // Clears the personal data and keeps the version, as a tombstone. Errors as `update`.
    virtual task<result<versioned_profile>> remove(uuid account, std::optional<std::uint64_t> if_version,
                                                   timestamp now) = 0;
};

}  // namespace userinfo
