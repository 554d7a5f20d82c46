// Asks one MariaDB server, on a connection of its own, what mysql_topology has to know of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "storage/sql/kept_answer.h"
#include "storage/sql/mysql/deadline_watchdog.h"
#include "storage/sql/mysql/mysql_connection.h"
#include "storage/sql/mysql/mysql_endpoint.h"
#include "storage/sql/mysql/mysql_topology.h"
#include "storage/sql/unchanged_period.h"

namespace userinfo::sql {

// A server that needs longer to reply is not healthy. A primary that has just lost its replica needs a second, once.
inline constexpr std::chrono::milliseconds answer_limit{1500};

struct server_probe_options {
    mysql_endpoint endpoint;
    bool require_replica;                                // ask each time whether replication is semi-synchronous
    std::chrono::steady_clock::duration longest_commit;  // as in mysql_topology::rules
};

// Used by one thread at a time.
class server_probe {
public:
    // Connects, which may take 5 s. Throws std::runtime_error if the endpoint's settings are unsafe, and driver_error.
    // `clock` is compared with the server's. The references must outlive this object.
    server_probe(const server_probe_options& options, const clock& clock, deadline_watchdog& watchdog);

    // Throws driver_error if the server does not answer within `answer_limit`; then another connection is needed.
    // `doubts_commits`: asks a server that takes writes whether commits hang, which costs it more than the rest.
    // Without it they count as good.
    host_probe ask(bool doubts_commits);

private:
    using steady = std::chrono::steady_clock;

    // What the server said last.
    struct state {
        bool writable;
        gtid_position position;
        steady::time_point seen;  // when it said so first
        steady::time_point asked = seen;
    };

    host_probe ask_state();
    // Returns whether the server said the same before.
    bool note_state(const host_probe& said);
    std::optional<unchanged_period> unchanged() const;
    bool ask_whether_replicated();

    const bool require_replica_;
    const steady::duration longest_commit_;
    const clock& clock_;
    deadline_watchdog& watchdog_;
    mysql_connection connection_;
    std::optional<state> last_;
    kept_answer<std::int64_t> epoch_;
    bool is_replicated_ = false;  // as of the last look
    steady::time_point next_look_at_replication_{};
};

}  // namespace userinfo::sql
