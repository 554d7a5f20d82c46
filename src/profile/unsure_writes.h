// Tracks writes that are in the database but perhaps not in the cache. Older cache entries of such a profile are
// ignored until the cache confirms the write or the old entry must have expired.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/uuid.h"

namespace userinfo {

// Thread-safe. Tracks at most `capacity` accounts. When more are needed, no cache entry is trusted until all entries
// that may be stale have expired.
class unsure_writes {
public:
    explicit unsure_writes(const clock& clock, std::size_t capacity = 20'000);

    // Adds a write that made this version, and that the cache did not confirm.
    void add(const uuid& account, std::uint64_t version);

    // The cache has `version` or a later one.
    void settle(const uuid& account, std::uint64_t version);

    // Whether the cache's entry for the account, at this version, may be older than the database.
    bool may_be_old(const uuid& account, std::uint64_t version);

    // The accounts whose writes the cache still needs, in no order.
    std::vector<uuid> pending();

private:
    struct write {
        std::uint64_t version = 0;
        timestamp until;
    };

    void forget_old(timestamp now);
    void count() { size_.store(writes_.size(), std::memory_order_release); }

    const clock& clock_;
    const std::size_t capacity_;
    std::mutex mutex_;
    std::unordered_map<uuid, write> writes_;
    std::atomic<std::size_t> size_ = 0;  // of writes_; lets a look-up skip the lock while it is 0
    std::atomic<timestamp> believes_nothing_until_{};
};

}  // namespace userinfo
