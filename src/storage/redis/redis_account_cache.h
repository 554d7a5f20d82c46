// Reads everything that a profile read needs from Redis in one round trip. Thread-safe.
#pragma once

#include "base/metrics.h"
#include "service/account_cache.h"
#include "storage/cache_counters.h"
#include "storage/redis/cluster.h"

namespace userinfo::redis {

// Reads the entries of redis_session_cache and redis_profile_cache.
class redis_account_cache final : public account_cache {
public:
    redis_account_cache(cluster& cluster, metrics& metrics);

    task<cached_account> get(uuid account, uuid session) override;

private:
    cluster& cluster_;
    cache_counters sessions_, profiles_;
};

}  // namespace userinfo::redis
