// Writes profiles, including absent ones, to a cache in front of the database; account_cache reads them. A higher
// version is never replaced by a lower one.
#pragma once

#include <memory>

#include "base/task.h"
#include "base/uuid.h"
#include "profile/profile.h"

namespace userinfo {

// Shared instead of copied, because many readers hold the same entry.
using cached_profile = std::shared_ptr<const versioned_profile>;

class profile_cache {
public:
    virtual ~profile_cache() = default;

    // Keeps the entry for cache_lifetime_of(entry). Returns whether every reader is guaranteed to see this version or a
    // later one from now on. If false, readers may see an older version until that has expired.
    virtual task<bool> put(uuid account, cached_profile entry) = 0;
};

}  // namespace userinfo
