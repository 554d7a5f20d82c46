// A map from UUIDs with a maximum size. When full, it evicts an entry that was not used recently (CLOCK, which costs a
// reader one bit instead of LRU's list update). Sharded to keep lock contention low.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/uuid.h"

namespace userinfo::memory {

// One shard of bounded_table. Not thread-safe.
template <class Value>
class clock_map {
public:
    explicit clock_map(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {}

    // Null if there is no entry. Valid until the next call.
    Value* find(const uuid& key) {
        const auto found = places_.find(key);
        if (found == places_.end()) return nullptr;
        auto& slot = slots_[found->second];
        slot.used = true;
        return &slot.value;
    }

    void put(const uuid& key, Value value) {
        if (auto* known = find(key)) {
            *known = std::move(value);
            return;
        }
        const auto place = free_place();
        slots_[place] = {.key = key, .value = std::move(value), .used = false};
        places_.emplace(key, place);
    }

    std::size_t size() const { return slots_.size(); }

private:
    struct slot {
        uuid key;
        Value value;
        bool used;
    };

    std::uint32_t free_place() {
        if (slots_.size() < capacity_) {
            slots_.emplace_back();
            return static_cast<std::uint32_t>(slots_.size() - 1);
        }
        while (std::exchange(slots_[hand_].used, false)) advance();
        const auto place = hand_;
        advance();
        places_.erase(slots_[place].key);
        return place;
    }

    void advance() { hand_ = (hand_ + 1) % static_cast<std::uint32_t>(slots_.size()); }

    const std::size_t capacity_;
    std::uint32_t hand_ = 0;
    std::vector<slot> slots_;
    boost::unordered_flat_map<uuid, std::uint32_t, std::hash<uuid>> places_;
};

template <class Value>
class bounded_table {
public:
    explicit bounded_table(std::size_t capacity) : shards_(make_shards(capacity, std::make_index_sequence<count>())) {}

    // Calls `work` with the shard that contains `key`, with exclusive access.
    template <class Work>
    auto with(const uuid& key, Work work) {
        auto& shard = shards_[key.bytes().back() % count];
        const std::scoped_lock lock(shard.mutex);
        return work(shard.entries);
    }

private:
    static constexpr std::size_t count = 16;

    struct alignas(64) shard {
        explicit shard(std::size_t capacity) : entries(capacity) {}

        std::mutex mutex;
        clock_map<Value> entries;
    };

    template <std::size_t... Index>
    static std::array<shard, count> make_shards(std::size_t capacity, std::index_sequence<Index...>) {
        return {((void)Index, shard(capacity / count))...};
    }

    std::array<shard, count> shards_;
};

}  // namespace userinfo::memory
