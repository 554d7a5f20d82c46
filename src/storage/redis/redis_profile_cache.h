// A profile cache in Redis Cluster, shared by all services. Thread-safe.
#pragma once

#include "profile/profile_cache.h"
#include "storage/redis/cluster.h"

namespace userinfo::redis {

class redis_profile_cache final : public profile_cache {
public:
    explicit redis_profile_cache(cluster& cluster) : cluster_(cluster) {}

    // True as soon as the primary of the account's slot has stored the entry.
    task<bool> put(uuid account, profile_ptr entry) override;

private:
    cluster& cluster_;
};

// Parses an entry. Null if there is none or it is damaged, which is logged.
profile_ptr read_profile_entry(const reply_part& entry, const uuid& account);

}  // namespace userinfo::redis
