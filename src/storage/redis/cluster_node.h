// The health of one cluster node. A node that does not answer is set aside, so that no query waits for it, and probed
// until it answers.
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

    // `number` is the index of the node in the order of discovery.
    cluster_node(endpoint where, std::size_t number) : where_(std::move(where)), number_(number) {}

    const endpoint& where() const { return where_; }
    std::size_t number() const { return number_; }

    bool is_aside() const { return aside_.load(std::memory_order_relaxed); }

    // Reports a connection closed because a reply was late. The third one within 1 s sets the node aside. Returns
    // whether this call did.
    bool timed_out(time_point now);

    // Reports that the node is unreachable or refuses the log-in. Sets it aside. Returns whether this call did.
    bool failed(time_point now);

    // Whether the node is set aside and due for a probe.
    bool wants_probe(time_point now) const;

    // Reports the outcome of a probe. After each failure the next probe comes later, up to 1 s.
    void probed(bool answered, time_point now);

private:
    bool set_aside(time_point now);

    const endpoint where_;
    const std::size_t number_;
    std::atomic<bool> aside_ = false;

    mutable std::mutex mutex_;
    std::array<time_point, 3> time_outs_{};  // the latest ones
    std::size_t oldest_ = 0;                 // index of the oldest one
    time_point next_probe_{};
    std::chrono::milliseconds pause_{};
};

}  // namespace userinfo::redis
