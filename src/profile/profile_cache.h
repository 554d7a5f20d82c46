// Writes profiles, including absent ones, to a cache in front of the database; account_cache reads them. A higher
// version is never replaced by a lower one.
#pragma once

#include "base/task.h"
#include "base/uuid.h"
#include "profile/profile.h"

namespace userinfo {

class profile_cache {
public:
    virtual ~profile_cache() = default;

    // Keeps the entry for cache_lifetime_of(entry). Returns whether every reader is guaranteed to see this version or a
    // later one from now on. If false, readers may see an older version until that has expired.
    virtual task<bool> put(uuid account, profile_ptr entry) = 0;
};

}  // namespace userinfo
