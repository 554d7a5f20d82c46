// Which of several servers takes writes, and which take reads: judged from what each says of itself. No I/O.
//
// Whoever makes a server the primary raises the epoch there, in the table cluster_state. So a former primary that comes
// back and still takes writes is known by its older epoch, which it cannot have raised.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace userinfo::sql {

// What a server said.
struct host_probe {
    bool writable;           // not read_only
    bool replicated = true;  // a commit returns when a replica has it: it is semi-synchronous just now
    std::int64_t epoch;      // as this server has them
    std::int64_t heartbeat;  // counted up on the primary, and replicated
};

// For one thread at a time. Servers are named by their place in the list.
class mysql_topology {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    struct rules {
        duration lag_limit = std::chrono::seconds(5);    // a replica further behind takes no reads
        duration probe_limit = std::chrono::seconds(2);  // what was said longer ago says nothing
    };

    mysql_topology(std::size_t hosts, rules rules) : rules_(rules), hosts_(hosts) {}

    // Nothing: it did not answer.
    void note(std::size_t host, std::optional<host_probe> probe, time_point now);

    // The writable one of the highest epoch that any server ever had here. Another of the same epoch does not take its
    // place. Nothing: there is none, or there are two and neither was known before.
    std::optional<std::size_t> primary(time_point now) const;

    // The same, if what is written to it outlives it.
    std::optional<std::size_t> replicated_primary(time_point now) const;

    // The other writable ones: somebody must look at them.
    std::vector<std::size_t> set_aside(time_point now) const;

    // For how long, by our own clock, the primary has had something that this one has not. Nothing: it did not answer.
    std::optional<duration> lag(std::size_t host, time_point now) const;

    // Whether each has been asked once, and has answered or not.
    bool knows_all() const;

    // The replica that is least behind, if one is behind for less than the limit; else the primary, if there is one.
    // One of an older epoch is none: what it has may never have been the primary's.
    std::optional<std::size_t> reader(time_point now) const;

private:
    struct host {
        std::optional<host_probe> said;
        std::optional<time_point> at;  // nothing: it was not asked yet
    };
    struct beat {
        std::int64_t number;
        time_point seen;  // first, on the primary
    };

    const host_probe* current(std::size_t host, time_point now) const;
    std::vector<std::size_t> candidates(time_point now) const;
    void note_beat(std::int64_t number, time_point now);

    const rules rules_;
    std::vector<host> hosts_;
    std::int64_t highest_epoch_ = 0;
    std::optional<std::size_t> known_primary_;  // of the highest epoch: an epoch has one
    std::deque<beat> beats_;                    // rising; never empty once there was a primary
};

}  // namespace userinfo::sql
