// Token buckets in this process's memory. Its tasks never suspend. Thread-safe.
#pragma once

#include <cstddef>

#include "attempts/source_limits.h"
#include "base/clock.h"
#include "storage/memory/bounded_table.h"

namespace userinfo::memory {

class memory_source_limits final : public source_limits {
public:
    // Remembers about `capacity` sources, the most recently active ones.
    memory_source_limits(source_rates rates, std::size_t capacity, const clock& clock)
        : rates_(rates), clock_(clock), full_at_(capacity) {}

    task<std::optional<std::chrono::microseconds>> take(source_action action, std::string source) override;

private:
    const source_rates rates_;
    const clock& clock_;
    // A bucket is stored as the time when it will be full again (generic cell rate algorithm).
    bounded_table<timestamp> full_at_;
};

}  // namespace userinfo::memory
