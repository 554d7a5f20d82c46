// A cache of live and revoked sessions in this process's memory. Its tasks never suspend. Thread-safe.
#pragma once

#include <cstddef>

#include "base/clock.h"
#include "base/metrics.h"
#include "session/session_cache.h"
#include "storage/cache_counters.h"
#include "storage/memory/bounded_table.h"

namespace userinfo::memory {

class memory_session_cache final : public session_cache {
public:
    // Holds about `capacity` sessions. `clock` must be the one that decides when tokens expire.
    memory_session_cache(std::size_t capacity, const clock& clock, metrics& metrics);

    task<known_session> get(uuid account, uuid session) override;
    task<void> put_live(uuid account, uuid session, timestamp expires_at) override;

    task<void> put_arrived(uuid account, uuid session, std::uint64_t generation, timestamp expires_at) override;

    // Always true: there are no other readers.
    task<bool> put_revoked(uuid account, uuid session, timestamp expires_at) override;

private:
    struct entry {
        known_session known;
        timestamp expires_at;
    };

    void put(const uuid& session, cached_session state, timestamp expires_at);

    const clock& clock_;
    cache_counters requests_;
    bounded_table<entry> entries_;
};

}  // namespace userinfo::memory
