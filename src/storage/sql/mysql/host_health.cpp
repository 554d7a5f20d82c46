#include "storage/sql/mysql/host_health.h"

#include <utility>

namespace userinfo::sql {

bool host_health::is_up() const {
    const std::scoped_lock lock(mutex_);
    return up_;
}

bool host_health::take_trial(time_point now) {
    const std::scoped_lock lock(mutex_);
    if (up_ || now < next_trial_) return false;
    next_trial_ = now + pause;
    return true;
}

bool host_health::note_success() {
    const std::scoped_lock lock(mutex_);
    return !std::exchange(up_, true);
}

bool host_health::note_failure(time_point now) {
    const std::scoped_lock lock(mutex_);
    next_trial_ = now + pause;
    return std::exchange(up_, false);
}

}  // namespace userinfo::sql
