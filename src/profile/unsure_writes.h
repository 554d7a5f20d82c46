// Profiles whose last write is in the database but perhaps not in the cache: until it is, or what the cache held before
// must have expired, the cache's entries of that version's predecessors are not believed.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/uuid.h"
#include "profile/profile_cache.h"

namespace userinfo {

// Thread-safe. It never holds more than `capacity` accounts: beyond that, what the cache says is believed of nobody
// until the entries that may be old have expired.
class unsure_writes {
public:
    explicit unsure_writes(const clock& clock, std::size_t capacity = 20'000);

    // A write that the cache did not take for sure.
    void add(const uuid& account, const cached_profile& written);

    // The cache has `version` or a later one.
    void settle(const uuid& account, std::uint64_t version);

    // Whether what the cache says of the account, at this version, may be older than the database.
    bool may_be_old(const uuid& account, std::uint64_t version);

    // What is still to be given to the cache.
    std::vector<std::pair<uuid, cached_profile>> pending();

private:
    struct write {
        cached_profile written;
        timestamp until;
    };

    void forget_old(timestamp now);
    void count() { size_.store(writes_.size(), std::memory_order_release); }

    const clock& clock_;
    const std::size_t capacity_;
    std::mutex mutex_;
    std::unordered_map<uuid, write> writes_;
    std::atomic<std::size_t> size_ = 0;  // of writes_: while it is empty a look costs no lock
    std::atomic<timestamp> believes_nothing_until_{};
};

}  // namespace userinfo
