#include "storage/redis/cluster_node.h"

#include <algorithm>

namespace userinfo::redis {

namespace {

constexpr std::chrono::seconds time_out_window{1};
constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{1000};

}  // namespace

bool cluster_node::timed_out(time_point now) {
    const std::scoped_lock lock(mutex_);
    time_outs_[oldest_] = now;
    oldest_ = (oldest_ + 1) % time_outs_.size();
    // Until there were that many, the oldest one is the clock's epoch.
    const auto third_last = time_outs_[oldest_];
    return third_last != time_point() && now - third_last <= time_out_window && set_aside(now);
}

bool cluster_node::failed(time_point now) {
    const std::scoped_lock lock(mutex_);
    return set_aside(now);
}

bool cluster_node::set_aside(time_point now) {
    if (aside_) return false;
    pause_ = first_pause;
    next_probe_ = now + pause_;
    aside_ = true;
    return true;
}

bool cluster_node::wants_probe(time_point now) const {
    const std::scoped_lock lock(mutex_);
    return aside_ && next_probe_ <= now;
}

void cluster_node::probed(bool answered, time_point now) {
    const std::scoped_lock lock(mutex_);
    if (answered) {
        time_outs_ = {};
        aside_ = false;
        return;
    }
    pause_ = std::min(pause_ * 2, longest_pause);
    next_probe_ = now + pause_;
}

}  // namespace userinfo::redis
