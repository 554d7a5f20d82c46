// What the caches know of an account, in one question: a read of a profile needs its session and its profile at once.
// A cache that is down knows nothing.
#pragma once

#include <optional>

#include "base/task.h"
#include "base/uuid.h"
#include "profile/profile_cache.h"
#include "session/session_cache.h"

namespace userinfo {

struct cached_account {
    std::optional<cached_session> session;  // nothing: not known
    cached_profile profile;                 // null: not known
};

class account_cache {
public:
    virtual ~account_cache() = default;

    // What session_cache and profile_cache were given.
    virtual task<cached_account> get(uuid account, uuid session) = 0;
};

}  // namespace userinfo
