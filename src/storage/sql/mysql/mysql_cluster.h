// A group of MariaDB servers with one primary. Probes each server, and chooses where to write and read.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "storage/sql/mysql/clock_comparison.h"
#include "storage/sql/mysql/commit_watch.h"
#include "storage/sql/mysql/mysql_host.h"
#include "storage/sql/mysql/mysql_topology.h"
#include "storage/sql/mysql/server_probe.h"
#include "storage/sql/unchanged_period.h"

namespace userinfo::sql {

struct mysql_cluster_options {
    std::vector<mysql_host_options> hosts;    // each with a different name
    std::chrono::milliseconds interval{500};  // between two probes of a server; a fifth of it without a primary
    bool require_replica = false;             // refuse writes while no replica confirms them
    mysql_topology::rules rules = {};
};

// Thread-safe. Runs two threads per server: one probes it, the other does what may take longer.
class mysql_cluster {
public:
    // `clock` is compared with the primary's. It must outlive this object.
    mysql_cluster(const mysql_cluster_options& options, const clock& clock, metrics& metrics);
    ~mysql_cluster();

    mysql_cluster(const mysql_cluster&) = delete;
    mysql_cluster& operator=(const mysql_cluster&) = delete;

    // The server for reads that must be up to date. Null if there is none at the moment.
    mysql_host* primary();

    // The server for writes: the primary, if it may take writes and finishes them. Null if there is none at the moment.
    mysql_host* writer();

    // The replica for reads that may be as old as the rules' lag limit. Null if there is none at the moment.
    mysql_host* replica();

    // For how long the primary's data have not changed. Empty if that is not known.
    std::optional<unchanged_period> unchanged();

    // Blocks until there is a primary, for at most `patience`. Returns whether there is one. No primary is trusted
    // until every server has been probed or has taken too long, because another server may know of a later promotion.
    bool wait_for_primary(std::chrono::milliseconds patience);

    // What each server says or why it does not answer, for when there is no primary.
    std::string complaints();

    // The address of the primary. Empty if there is none at the moment.
    std::optional<mysql_endpoint> primary_endpoint();

    // The number of servers that accept writes but must not.
    std::size_t set_aside();

private:
    using steady = std::chrono::steady_clock;

    struct figures {
        std::atomic<std::size_t> set_aside = 0;
        std::atomic<bool> has_primary = false;
        std::atomic<bool> is_replicated = false;
    };

    void show_figures(metrics& metrics) const;
    // A report, or why there is none.
    using answer = std::expected<host_probe, std::string>;
    void follow(std::size_t host, const std::stop_token& stop);
    answer ask(std::size_t host, std::unique_ptr<server_probe>& probe);
    void probe_soon(std::size_t host);
    void note(std::size_t host, const answer& said);
    void tell_changes(steady::time_point now);
    void tell_primary(std::optional<std::size_t> primary, steady::time_point now);
    void tell_commits(std::size_t primary, commit_health commits);
    std::string all_complaints() const;
    mysql_host* at(std::optional<std::size_t> place) const { return place ? hosts_[*place].get() : nullptr; }

    const mysql_cluster_options options_;
    const clock& clock_;
    std::vector<std::unique_ptr<mysql_host>> hosts_;
    deadline_watchdog watchdog_;
    const steady::time_point begun_ = steady::now();
    std::mutex mutex_;
    std::condition_variable_any wake_;
    mysql_topology topology_;
    std::vector<char> probe_at_once_;  // by server
    clock_comparison clocks_;
    std::vector<std::string> complaints_;      // by server: why it is no primary
    std::optional<std::size_t> told_primary_;  // the state that was logged last, like those below
    std::string told_complaints_;
    steady::time_point told_complaints_at_{};
    bool told_replicated_ = true;
    commit_health told_commits_ = commit_health::good;
    std::size_t told_set_aside_ = 0;
    const std::shared_ptr<figures> figures_;              // shared with the gauges, which may outlive this object
    std::vector<std::unique_ptr<commit_watch>> commits_;  // by server
    std::vector<std::jthread> threads_;
};

}  // namespace userinfo::sql
