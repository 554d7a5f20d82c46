// Decides whether a failed transaction is retried. Only failures that certainly committed nothing are retried.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

namespace userinfo::sql {

enum class retry_cause {
    conflict,  // a deadlock or a lock wait timeout
    race,      // a unique row appeared after the transaction had looked; the retry sees it
    stale,     // the connection was closed while it was idle
};

// The retries of one transaction.
class transaction_retries {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit transaction_retries(time_point deadline) : deadline_(deadline) {}

    // Whether to try again.
    bool allow(retry_cause cause, time_point now);

    // The maximum pause before the retry. It doubles with each conflict. The actual pauses are random, so that
    // transactions that collided retry at different times.
    std::chrono::microseconds longest_pause() const;

private:
    const time_point deadline_;
    std::array<std::size_t, 3> tries_{};  // by cause
};

}  // namespace userinfo::sql
