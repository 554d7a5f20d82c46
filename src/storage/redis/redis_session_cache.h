// A cache of live and revoked sessions in Redis Cluster, shared by all services. Thread-safe.
//
// What has arrived has a key of its own, so that programs that know nothing of it find the states as they know them.
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

    task<known_session> get(uuid account, uuid session) override;
    task<void> put_live(uuid account, uuid session, timestamp expires_at) override;

    task<void> put_arrived(uuid account, uuid session, std::uint64_t generation, timestamp expires_at) override;

    // True if a replica has stored the entry, too, so that it survives the loss of the primary.
    task<bool> put_revoked(uuid account, uuid session, timestamp expires_at) override;

private:
    cluster& cluster_;
    const clock& clock_;
    cache_counters requests_;
};

// Parses the entries of session_key and arrived_key. One that is not there or is damaged, which is logged, tells
// nothing.
known_session read_session_entries(const reply_part& state, const reply_part& arrived, const uuid& account);

}  // namespace userinfo::redis
