// Token buckets in Redis Cluster, shared by all services and measured by Redis's clock. Without Redis this process
// counts alone, so that overloading Redis does not disable the limits. Thread-safe.
#pragma once

#include <cstddef>

#include "attempts/source_limits.h"
#include "base/clock.h"
#include "storage/memory/memory_source_limits.h"
#include "storage/redis/cluster.h"
#include "tokens/internal_key.h"

namespace userinfo::redis {

class redis_source_limits final : public source_limits {
public:
    // Redis only sees addresses as MACs under `key`. `capacity` and `clock` are for counting without Redis.
    redis_source_limits(source_rates rates, cluster& cluster, const internal_key& key, std::size_t capacity,
                        const clock& clock);

    task<std::optional<std::chrono::microseconds>> take(source_action action, std::string source) override;

private:
    const source_rates rates_;
    cluster& cluster_;
    const internal_key& key_;
    memory::memory_source_limits own_;
};

}  // namespace userinfo::redis
