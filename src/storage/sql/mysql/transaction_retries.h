// How often a transaction that did not happen is tried again. Only what certainly left nothing behind may be.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

namespace userinfo::sql {

enum class retry_cause {
    conflict,  // a deadlock, or a lock that was waited for too long
    race,      // a unique row was there that the transaction had not seen when it looked: now it will
    stale,     // the connection had gone while nobody used it
};

// The tries of one transaction.
class transaction_retries {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit transaction_retries(time_point deadline) : deadline_(deadline) {}

    // Whether to try again.
    bool allow(retry_cause cause, time_point now);

    // For how long to wait before, at most: it doubles with each conflict. Those who met in one wait for different
    // times.
    std::chrono::microseconds longest_pause() const;

private:
    const time_point deadline_;
    std::array<std::size_t, 3> tries_{};  // by cause
};

}  // namespace userinfo::sql
