// A circuit breaker for one server. While the server is down, callers fail immediately, and now and then one of them
// tries again.
#pragma once

#include <chrono>
#include <mutex>

namespace userinfo::sql {

// Thread-safe.
class host_health {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // The time between two tries.
    static constexpr std::chrono::milliseconds pause{500};

    bool is_up() const;

    // Whether the caller should try a server that is down. Returns true to one caller per pause.
    bool take_trial(time_point now);

    // Return whether this changed the state.
    bool note_success();
    bool note_failure(time_point now);

private:
    mutable std::mutex mutex_;
    bool up_ = true;
    time_point next_trial_{};
};

}  // namespace userinfo::sql
