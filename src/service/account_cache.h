// Reads session and profile of an account from the caches in one round trip, as each read of a profile needs both. If a
// cache is down, both are unknown.
#pragma once

#include "base/task.h"
#include "base/uuid.h"
#include "profile/profile_cache.h"
#include "session/session_cache.h"

namespace userinfo {

struct cached_account {
    known_session session;
    profile_ptr profile;  // null: unknown
};

class account_cache {
public:
    virtual ~account_cache() = default;

    // Returns what session_cache and profile_cache were given.
    virtual task<cached_account> get(uuid account, uuid session) = 0;
};

}  // namespace userinfo
