// A profile cache in this process's memory. Thread-safe.
#pragma once

#include <cstddef>

#include "base/clock.h"
#include "base/metrics.h"
#include "profile/profile_cache.h"
#include "storage/cache_counters.h"
#include "storage/memory/bounded_table.h"

namespace userinfo::memory {

class memory_profile_cache final : public profile_cache {
public:
    // Holds about `capacity` profiles. `clock` is only used for lifetimes, so a coarse one suffices.
    memory_profile_cache(std::size_t capacity, const clock& clock, metrics& metrics);

    // Null: not in the cache. Counts a hit or a miss.
    profile_ptr find(const uuid& account);

    // Always true: there are no other readers.
    task<bool> put(uuid account, profile_ptr entry) override;

private:
    struct entry {
        profile_ptr profile;
        timestamp expires_at;
    };

    const clock& clock_;
    cache_counters requests_;
    bounded_table<entry> entries_;
};

}  // namespace userinfo::memory
