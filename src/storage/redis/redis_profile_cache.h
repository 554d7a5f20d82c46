// Profiles in Redis Cluster, shared by all services. Thread-safe.
#pragma once

#include <optional>

#include "base/metrics.h"
#include "profile/profile_cache.h"
#include "storage/cache_counters.h"
#include "storage/redis/cluster.h"

namespace userinfo::redis {

class redis_profile_cache final : public profile_cache {
public:
    redis_profile_cache(cluster& cluster, metrics& metrics);

    task<cached_profile> get(uuid account) override;

    // Sure as soon as the node that serves the account has it.
    task<bool> put(uuid account, cached_profile entry) override;

private:
    cluster& cluster_;
    cache_counters requests_;
};

// What an entry says. Null if there is none, or it is damaged, which is logged.
cached_profile read_profile_entry(const reply_part& entry, const uuid& account);

}  // namespace userinfo::redis
