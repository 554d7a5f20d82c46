// Finds out whether a MariaDB server finishes what is written to it, and helps it to. A server may answer reads while
// its commits wait, for example for room on its disk.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "storage/sql/mysql/deadline_watchdog.h"
#include "storage/sql/mysql/mysql_endpoint.h"
#include "storage/sql/mysql/mysql_host.h"
#include "storage/sql/mysql/mysql_topology.h"

namespace userinfo::sql {

// Thread-safe. Runs a thread for what may take too long for the thread that probes the server: without a new report the
// server does not stay the primary.
class commit_watch {
public:
    // `is_primary`: whether to try a write. `changed` is called if the server should be probed again at once. Both are
    // called on any thread, and may take locks. The references must outlive this object.
    commit_watch(const mysql_host_options& server, mysql_host& host, deadline_watchdog& watchdog,
                 std::function<bool()> is_primary, std::function<void()> changed);
    ~commit_watch();

    commit_watch(const commit_watch&) = delete;
    commit_watch& operator=(const commit_watch&) = delete;

    // Whether a write has failed since the last one that was finished. Then the server should be asked for commits that
    // hang.
    bool has_doubts() const;

    // Notes what it has answered, and begins to mend it. Returns the worst since the last write that was finished.
    commit_health note_answer(commit_health now);

    // The server takes no writes, or does not answer.
    void forget();

private:
    struct knowledge {
        commit_health now = commit_health::good;    // at the last answer
        commit_health worst = commit_health::good;  // since the last write that was finished
        bool is_doubted = false;                    // there is something to try
    };

    void mend(const std::stop_token& stop);
    void end_wait_for_room() const;
    void try_to_write();
    void note_write(commit_health found);

    const mysql_endpoint endpoint_;
    const std::string name_;
    mysql_host& host_;
    deadline_watchdog& watchdog_;
    const std::function<bool()> is_primary_;
    const std::function<void()> changed_;
    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    knowledge known_;
    std::jthread thread_;
};

}  // namespace userinfo::sql
