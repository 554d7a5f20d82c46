// Profiles beside the database, as they are written; account_cache reads them. An entry never goes backwards: only a
// higher version replaces it. Absence is an entry too.
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

    // Kept for cache_lifetime_of(entry). Returns whether every reader is sure to see this version or a later one from
    // now on; if not, they may see an older one until that has expired.
    virtual task<bool> put(uuid account, cached_profile entry) = 0;
};

}  // namespace userinfo
