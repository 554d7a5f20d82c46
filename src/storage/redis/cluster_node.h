// A node of the cluster, and whether it is worth asking. One that does not answer is set aside, so that nobody waits
// for it again, and probed until it does.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <utility>

#include "storage/redis/cluster_slots.h"

namespace userinfo::redis {

// Thread-safe.
class cluster_node {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // `number`: the how many-th node that the program met.
    cluster_node(endpoint where, std::size_t number) : where_(std::move(where)), number_(number) {}

    const endpoint& where() const { return where_; }
    std::size_t number() const { return number_; }

    bool is_aside() const { return aside_.load(std::memory_order_relaxed); }

    // A connection was given up because a reply did not come in time. The third within 1 s sets the node aside. Returns
    // whether this did.
    bool timed_out(time_point now);

    // It cannot be reached, or lets nobody in: it is set aside. Returns whether it was not before.
    bool failed(time_point now);

    // Whether it is aside and to be probed again.
    bool wants_probe(time_point now) const;

    // The outcome of a probe. After each failure the next one comes later, up to 1 s.
    void probed(bool answered, time_point now);

private:
    bool set_aside(time_point now);

    const endpoint where_;
    const std::size_t number_;
    std::atomic<bool> aside_ = false;

    mutable std::mutex mutex_;
    std::array<time_point, 3> time_outs_{};  // the latest ones
    std::size_t oldest_ = 0;                 // of them
    time_point next_probe_{};
    std::chrono::milliseconds pause_{};
};

}  // namespace userinfo::redis
