// Decides which of several servers takes writes and which take reads, from what each reports. Does no I/O.
//
// Promoting a server raises the epoch in its table cluster_state. A former primary that comes back and still accepts
// writes is recognized by its older epoch.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "storage/sql/mysql/gtid_position.h"
#include "storage/sql/unchanged_period.h"

namespace userinfo::sql {

// Whether a server finishes what is written to it. Ascending: the worst comes last.
enum class commit_health {
    good,
    hung,     // commits take longer than they may
    no_room,  // the same, because they wait for room on the server's disk
};

// A server's report.
struct host_probe {
    bool writable;           // not read_only
    bool replicated = true;  // semi-synchronous at the moment: commits wait for a replica
    commit_health commits = commit_health::good;
    std::int64_t epoch;      // as stored on this server
    gtid_position position;  // of a writable server: what it has written; of another one: what it has applied
    std::optional<std::chrono::microseconds> clock_offset = {};  // our clock minus the server's, if that is certain
    std::chrono::steady_clock::time_point asked = {};            // when the server was asked, or earlier
};

// Used by one thread at a time. Servers are identified by their index.
class mysql_topology {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    struct rules {
        duration lag_limit = std::chrono::seconds(5);        // replicas further behind take no reads
        duration probe_limit = std::chrono::seconds(2);      // older reports are ignored
        duration longest_commit = std::chrono::seconds(10);  // from being written to being visible
    };

    mysql_topology(std::size_t hosts, rules rules) : rules_(rules), hosts_(hosts) {}

    // Records a server's report. Empty: it did not answer.
    void note(std::size_t host, std::optional<host_probe> probe, time_point now);

    // The writable server with the highest epoch seen so far. Another server with the same epoch does not replace it.
    // Empty if there is none, or if there are two and neither was primary before. One that was silent is believed again
    // once every other server has been probed since, because another one may have been promoted meanwhile.
    std::optional<std::size_t> primary(time_point now) const;

    // The same, if its commits do not hang.
    std::optional<std::size_t> writable_primary(time_point now) const;

    // Of the primary; good if there is none.
    commit_health commits(time_point now) const;

    // The primary, if it replicates what is written to it.
    std::optional<std::size_t> replicated_primary(time_point now) const;

    // The other writable servers. An operator must repair them.
    std::vector<std::size_t> set_aside(time_point now) const;

    // How long the primary has had data that this server lacks, by our own clock. Empty if the server did not answer.
    std::optional<duration> lag(std::size_t host, time_point now) const;

    // For how long no read of the primary has seen anything new. Its position moves when something is written, before
    // that can be seen. So the period begins `longest_commit` after the position was first seen, and ends when the
    // primary was last asked for it. Empty if the period has not begun, if the primary was silent or its commits have
    // hung meanwhile, if it has no position because it keeps no binary log, and if there is only one server.
    std::optional<unchanged_period> unchanged(time_point now) const;

    // Whether every server has been probed once, with or without an answer.
    bool knows_all() const;

    // The replica with the smallest lag, if that is below the limit. Replicas with an older epoch are excluded, because
    // their data may never have been on the primary.
    std::optional<std::size_t> replica(time_point now) const;

private:
    struct host {
        std::optional<host_probe> said = {};
        std::optional<time_point> at = {};    // empty: not probed yet
        std::optional<time_point> back = {};  // when it answered again after it had been silent
    };
    struct milestone {
        gtid_position position;
        time_point seen;  // when it was first seen on the primary
    };

    struct standstill {
        std::size_t host;
        gtid_position position;
        time_point seen;   // when the position was first seen
        time_point asked;  // when the server was last asked for it
    };

    const host_probe* current(std::size_t host, time_point now) const;
    bool is_believed(std::size_t host) const;
    std::vector<std::size_t> candidates(time_point now) const;
    void note_position(const gtid_position& position, time_point now);
    void note_standstill(std::size_t host, time_point now);

    const rules rules_;
    std::vector<host> hosts_;
    std::int64_t highest_epoch_ = 0;
    std::optional<std::size_t> known_primary_;  // of the highest epoch; an epoch has only one
    std::deque<milestone> milestones_;          // ascending; never empty once there was a primary
    std::optional<standstill> standstill_;      // of the primary, which has answered all the time
};

}  // namespace userinfo::sql
