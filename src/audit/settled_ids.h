// Knows up to which id a table is settled: no row with such an id can become visible any more. A transaction takes its
// id before it commits, so rows become visible out of the order of their ids.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

namespace userinfo {

class settled_ids {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // No transaction takes this long from its first statement to its commit.
    static constexpr std::chrono::seconds longest_transaction{10};

    // A row with this id was visible at `now`. Lower ids than before are ignored.
    void note(std::int64_t id, time_point now) {
        if (seen_.empty() ? id > settled_ : id > seen_.back().id) seen_.push_back({.id = id, .at = now});
    }

    // What is read from `now` on lacks no row with this id or a lower one. 0: nothing is known.
    std::int64_t up_to(time_point now) {
        while (!seen_.empty() && now - seen_.front().at >= longest_transaction) {
            settled_ = seen_.front().id;
            seen_.pop_front();
        }
        return settled_;
    }

private:
    struct sighting {
        std::int64_t id;
        time_point at;
    };

    std::int64_t settled_ = 0;
    std::deque<sighting> seen_;  // ascending by both
};

}  // namespace userinfo
