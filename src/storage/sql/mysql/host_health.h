// Whether it is worth asking a server: while it does not answer, callers are told so at once, and now and then one of
// them tries.
#pragma once

#include <chrono>
#include <mutex>

namespace userinfo::sql {

// Thread-safe.
class host_health {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // Between two tries.
    static constexpr std::chrono::milliseconds pause{500};

    bool is_up() const;

    // Whether the caller is the one that tries a server that is down.
    bool take_trial(time_point now);

    // These return whether that is news.
    bool note_success();
    bool note_failure(time_point now);

private:
    mutable std::mutex mutex_;
    bool up_ = true;
    time_point next_trial_{};
};

}  // namespace userinfo::sql
