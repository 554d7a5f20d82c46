// Compares this machine's clock with that of the primary database. All services ask the same server, so it tells how
// far apart their clocks are.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/metrics.h"
#include "base/now_and_then.h"

namespace userinfo::sql {

// Used by one thread at a time.
class clock_comparison {
public:
    // Services reject each other's tokens if their clocks differ by more than 30 s. Two clocks within this limit differ
    // by at most 20 s.
    static constexpr std::chrono::seconds largest_offset{10};

    // Shows the offset in the metrics.
    explicit clock_comparison(metrics& metrics);

    // `offset` is our clock minus that of the server. Warns when it passes the limit, and every 10 minutes while it
    // does.
    void note(std::chrono::microseconds offset, std::string_view server, std::chrono::steady_clock::time_point now);

private:
    const std::shared_ptr<std::atomic<std::int64_t>> offset_;  // in µs; shared with the gauge
    bool differs_ = false;
    now_and_then warnings_;
};

}  // namespace userinfo::sql
