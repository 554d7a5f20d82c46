// A cache of live and revoked sessions in Redis Cluster, shared by all services. Thread-safe.
#pragma once

#include "base/clock.h"
#include "base/metrics.h"
#include "session/session_cache.h"
#include "storage/cache_counters.h"
#include "storage/redis/cluster.h"

namespace userinfo::redis {

class redis_session_cache final : public session_cache {
public:
    // `clock` must be the one that decides when tokens expire.
    redis_session_cache(cluster& cluster, const clock& clock, metrics& metrics);

    task<std::optional<cached_session>> get(uuid account, uuid session) override;
    task<void> put_live(uuid account, uuid session, timestamp expires_at) override;

    // True if a replica has stored the entry, too, so that it survives the loss of the primary.
    task<bool> put_revoked(uuid account, uuid session, timestamp expires_at) override;

private:
    cluster& cluster_;
    const clock& clock_;
    cache_counters requests_;
};

// Parses an entry. Returns nothing if there is none or it is damaged, which is logged.
std::optional<cached_session> read_session_entry(const reply_part& entry, const uuid& account);

}  // namespace userinfo::redis
