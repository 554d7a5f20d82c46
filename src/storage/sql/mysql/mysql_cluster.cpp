#include "storage/sql/mysql/mysql_cluster.h"

#include <algorithm>
#include <utility>

#include <pthread.h>

#include "base/log.h"
#include "storage/sql/errors.h"

namespace userinfo::sql {

namespace {

// A server that needs longer to reply is not healthy. A primary that has just lost its replica needs a second, once.
constexpr std::chrono::milliseconds answer_limit{1500};
// Of the comparison of two clocks.
constexpr std::chrono::seconds largest_uncertainty{1};
// Between two lines in the log about why there is no primary, while the reasons change.
constexpr std::chrono::seconds between_complaints{10};

// A commit that takes longer than answer_limit hangs, for example because it waits for room on the server's disk. A
// user sees their own processes without a privilege, so these are the commits of all services.
constexpr statement hung_commits =
    "SELECT COUNT(IF(time_ms > 1500, 1, NULL)), COUNT(IF(state LIKE '%free space%', 1, NULL)) "
    "FROM information_schema.processlist WHERE info = 'COMMIT'";

// The server has to look through all of its status for this. If replicas are required, it is asked each time.
constexpr std::chrono::seconds between_looks_at_replication{5};

// Semi-synchronous replication turns itself off while no replica answers, and on again afterwards.
bool is_replicated(connection& db) {
    std::size_t signs = 0;
    for (const auto& row : db.query("SHOW GLOBAL STATUS WHERE Variable_name IN "
                                    "('Rpl_semi_sync_master_status', 'Rpl_semi_sync_master_clients')")) {
        signs += row.text(1) != "OFF" && row.text(1) != "0" ? 1 : 0;
    }
    return signs == 2;
}

// The position of a primary includes what it has written and not shown yet. The position of a replica includes only
// what can be read there. So a replica that has reached the primary's position has all that could be read on it.
constexpr statement ask_state =
    "SELECT @@global.read_only, IF(@@global.read_only, @@global.gtid_slave_pos, @@global.gtid_binlog_pos), epoch, "
    "CAST(@@timestamp * 1000000 AS INTEGER) FROM cluster_state";

// The server read its clock between the two times of ours. Empty if they are far apart: this program may have been
// stopped in between.
std::optional<std::chrono::microseconds> offset_of(timestamp asked, timestamp answered, timestamp server) {
    const auto took = answered - asked;
    if (took > largest_uncertainty) return std::nullopt;
    return asked + took / 2 - server;
}

host_probe read_probe(connection& db, const clock& clock) {
    const auto began = std::chrono::steady_clock::now();
    const auto asked = clock.now();
    const auto row = db.query_one(ask_state);
    const auto answered = clock.now();
    if (!row) throw driver_error("the table cluster_state is empty", failure_kind::bug);
    auto position = gtid_position::parse(row->text_or(1, ""));
    if (!position) throw driver_error("the replication position is not one of MariaDB", failure_kind::bug);
    const bool writable = row->integer(0) == 0;
    return {.writable = writable,
            .epoch = row->integer(2),
            .position = std::move(*position),
            .clock_offset = offset_of(asked, answered, row->time(3)),
            .asked = began};
}

commit_health read_commits(connection& db) {
    const auto hung = db.query_one(hung_commits);
    if (hung->integer(1) > 0) return commit_health::no_room;
    return hung->integer(0) > 0 ? commit_health::hung : commit_health::good;
}

std::string_view complaint_of(const host_probe& said) {
    return said.writable ? "it takes writes, but must not" : "it is read-only";
}

}  // namespace

struct mysql_cluster::probe_connection {
    std::unique_ptr<mysql_connection> connection;  // null: not connected
    bool is_replicated = false;                    // as of the last look
    steady::time_point next_look_at_replication{};
};

mysql_cluster::mysql_cluster(const mysql_cluster_options& options, const clock& clock, metrics& metrics)
    : options_(options),
      clock_(clock),
      topology_(options.hosts.size(), options.rules),
      commits_(options.hosts.size()),
      clocks_(metrics),
      complaints_(options.hosts.size(), "it has not answered yet"),
      figures_(std::make_shared<figures>()) {
    show_figures(metrics);
    for (const auto& each : options_.hosts) hosts_.push_back(std::make_unique<mysql_host>(each, metrics));
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
        threads_.emplace_back([this, i](const std::stop_token& stop) { follow(i, stop); });
        threads_.emplace_back([this, i](const std::stop_token& stop) { mend_writes(i, stop); });
    }
}

mysql_cluster::~mysql_cluster() {
    for (auto& thread : threads_) thread.request_stop();
    threads_.clear();
}

void mysql_cluster::show_figures(metrics& metrics) const {
    metrics.gauge("userinfo_storage_set_aside", "Database servers that take writes though they must not",
                  [all = figures_] { return static_cast<double>(all->set_aside); });
    metrics.gauge("userinfo_storage_has_primary", "1: there is a database server that takes writes and finishes them",
                  [all = figures_] { return all->has_primary ? 1.0 : 0.0; });
    metrics.gauge("userinfo_storage_replicated", "1: what is written is on a replica before it is acknowledged",
                  [all = figures_] { return all->is_replicated ? 1.0 : 0.0; });
}

mysql_host* mysql_cluster::primary() {
    const std::scoped_lock lock(mutex_);
    return at(topology_.primary(steady::now()));
}

mysql_host* mysql_cluster::writer() {
    const std::scoped_lock lock(mutex_);
    const auto now = steady::now();
    if (options_.require_replica && !topology_.replicated_primary(now)) return nullptr;
    return at(topology_.writable_primary(now));
}

std::optional<unchanged_period> mysql_cluster::unchanged() {
    const std::scoped_lock lock(mutex_);
    return topology_.unchanged(steady::now());
}

bool mysql_cluster::wait_for_primary(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    return wake_.wait_for(lock, patience, [this] {
        const auto now = steady::now();
        return topology_.primary(now) && (topology_.knows_all() || now - begun_ > answer_limit);
    });
}

std::string mysql_cluster::complaints() {
    const std::scoped_lock lock(mutex_);
    return all_complaints();
}

std::optional<mysql_endpoint> mysql_cluster::primary_endpoint() {
    const std::scoped_lock lock(mutex_);
    const auto primary = topology_.primary(steady::now());
    return primary ? std::optional(options_.hosts[*primary].endpoint) : std::nullopt;
}

mysql_host* mysql_cluster::replica() {
    const std::scoped_lock lock(mutex_);
    return at(topology_.replica(steady::now()));
}

std::size_t mysql_cluster::set_aside() {
    const std::scoped_lock lock(mutex_);
    return topology_.set_aside(steady::now()).size();
}

void mysql_cluster::follow(std::size_t host, const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), "db-probe");
    probe_connection probe;
    while (!stop.stop_requested()) {
        note(host, ask(host, probe));
        std::unique_lock lock(mutex_);
        const bool has_primary = topology_.primary(steady::now()).has_value();
        wake_.wait_for(lock, stop, has_primary ? options_.interval : options_.interval / 5,
                       [&] { return std::exchange(commits_[host].has_changed, false); });
    }
}

mysql_cluster::answer mysql_cluster::ask(std::size_t host, probe_connection& probe) {
    const auto deadline = steady::now() + answer_limit;
    try {
        if (!probe.connection) {
            const auto& endpoint = options_.hosts[host].endpoint;
            probe.connection = std::make_unique<mysql_connection>(endpoint, mysql_connection::access::look);
        }
        auto& db = *probe.connection;
        const deadline_watchdog::watch watch(watchdog_, db.socket(), deadline);
        auto said = read_probe(db, clock_);
        said.replicated = said.writable && ask_whether_replicated(probe);
        if (said.writable)
            said.commits = ask_commits(host, db);
        else
            forget_commits(host);
        return said;
    } catch (const std::exception& failed) {
        log_debug("cannot probe a database server",
                  {{"host", options_.hosts[host].name}, {"detail", std::string_view(failed.what())}});
        probe = {};
        forget_commits(host);
        return std::unexpected(failed.what());
    }
}

bool mysql_cluster::ask_whether_replicated(probe_connection& probe) const {
    const auto now = steady::now();
    if (options_.require_replica || now >= probe.next_look_at_replication) {
        probe.is_replicated = is_replicated(*probe.connection);
        probe.next_look_at_replication = now + between_looks_at_replication;
    }
    return probe.is_replicated;
}

// The server is asked only if there is a reason, because it costs it more than the rest.
commit_health mysql_cluster::ask_commits(std::size_t host, connection& db) {
    const auto doubted = [&] {
        const std::scoped_lock lock(mutex_);
        return commits_[host].worst != commit_health::good || !hosts_[host]->is_up(mysql_host::access::write);
    }();
    if (!doubted) return commit_health::good;
    const auto now = read_commits(db);
    const std::scoped_lock lock(mutex_);
    auto& known = commits_[host];
    known.now = now;
    known.worst = std::max(known.worst, now);
    known.is_doubted = true;
    wake_.notify_all();
    return known.worst;
}

// Of a server that takes no writes, or does not answer.
void mysql_cluster::forget_commits(std::size_t host) {
    const std::scoped_lock lock(mutex_);
    commits_[host] = {};
}

// Does what may take too long for the thread that probes: a server without a new report does not stay the primary.
void mysql_cluster::mend_writes(std::size_t host, const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), "db-mend");
    std::unique_lock lock(mutex_);
    while (wake_.wait(lock, stop, [&] { return std::exchange(commits_[host].is_doubted, false); })) {
        const auto known = commits_[host];
        lock.unlock();
        if (known.now == commit_health::good)
            try_to_write(host);
        else if (known.worst == commit_health::no_room)
            end_wait_for_room(host);
        lock.lock();
    }
}

// MariaDB looks for room once a minute. The procedure from deploy/servers/mariadb_room.sql makes it look now. It fails
// at once if there still is no room.
void mysql_cluster::end_wait_for_room(std::size_t host) const {
    try {
        mysql_handle(options_.hosts[host].endpoint, mysql_silence).run_script("CALL end_wait_for_room()");
    } catch (const std::exception& failed) {
        log_debug("cannot end a wait for room on a database server's disk",
                  {{"host", options_.hosts[host].name}, {"detail", std::string_view(failed.what())}});
    }
}

// If a client's write to the primary has failed, writes something of its own, which finds out whether writes hang, and
// whether they are finished again.
void mysql_cluster::try_to_write(std::size_t host) {
    if (primary() != hosts_[host].get()) return;
    const auto began = steady::now();
    try {
        mysql_connection db(options_.hosts[host].endpoint, mysql_connection::access::write);
        const deadline_watchdog::watch watch(watchdog_, db.socket(), began + answer_limit);
        db.execute("UPDATE cluster_state SET heartbeat = heartbeat + 1");
        db.commit();
        hosts_[host]->note_success(mysql_host::access::write);
        note_write(host, commit_health::good);
    } catch (const std::exception& failed) {
        log_debug("cannot write to the primary database",
                  {{"host", options_.hosts[host].name}, {"detail", std::string_view(failed.what())}});
        if (steady::now() >= began + answer_limit) note_write(host, commit_health::hung);
    }
}

// If this is new, the server is probed again at once.
void mysql_cluster::note_write(std::size_t host, commit_health found) {
    const std::scoped_lock lock(mutex_);
    auto& known = commits_[host];
    const auto worst = found == commit_health::good ? found : std::max(known.worst, found);
    known.has_changed = worst != std::exchange(known.worst, worst);
    wake_.notify_all();
}

void mysql_cluster::note(std::size_t host, const answer& said) {
    const std::scoped_lock lock(mutex_);
    const auto now = steady::now();
    topology_.note(host, said ? std::optional(*said) : std::nullopt, now);
    complaints_[host] = said ? std::string(complaint_of(*said)) : said.error();
    if (said && said->clock_offset && topology_.primary(now) == host) {
        clocks_.note(*said->clock_offset, options_.hosts[host].name, now);
    }
    tell_changes(now);
    wake_.notify_all();
}

std::string mysql_cluster::all_complaints() const {
    std::string text;
    for (std::size_t i = 0; i < complaints_.size(); ++i) {
        if (i > 0) text += "; ";
        text += options_.hosts[i].name + ": " + complaints_[i];
    }
    return text;
}

void mysql_cluster::tell_primary(std::optional<std::size_t> primary, steady::time_point now) {
    if (!primary && !topology_.knows_all()) return;  // the one that has not been asked yet may be it
    const bool changed = primary != std::exchange(told_primary_, primary);
    if (primary) {
        if (!changed) return;
        log_info("found the primary database", {{"host", options_.hosts[*primary].name}});
        told_commits_ = commit_health::good;
        return;
    }
    auto why = all_complaints();
    if (!changed && (why == told_complaints_ || now < told_complaints_at_ + between_complaints)) return;
    log_warning("no primary database is available; writes are rejected", {{"detail", std::string_view(why)}});
    told_complaints_ = std::move(why);
    told_complaints_at_ = now;
}

void mysql_cluster::tell_commits(std::size_t primary, commit_health commits) {
    if (commits == std::exchange(told_commits_, commits)) return;
    const std::string_view name = options_.hosts[primary].name;
    if (commits == commit_health::good) {
        log_info("the primary database finishes writes again", {{"host", name}});
        return;
    }
    log_error(
        "the primary database does not finish writes; writes are rejected",
        {{"host", name}, {"detail", commits == commit_health::no_room ? "its disk is full" : "its commits hang"}});
}

void mysql_cluster::tell_changes(steady::time_point now) {
    const auto primary = topology_.primary(now);
    tell_primary(primary, now);
    if (primary) tell_commits(*primary, topology_.commits(now));
    const bool replicated = topology_.replicated_primary(now).has_value();
    if (primary && replicated != std::exchange(told_replicated_, replicated)) {
        if (replicated) log_info("a replica confirms writes again");
        if (!replicated) log_warning("no replica confirms writes; new data would be lost with the primary");
    }
    const auto set_aside = topology_.set_aside(now);
    if (set_aside.size() > std::exchange(told_set_aside_, set_aside.size())) {
        log_error("a database server accepts writes but is not the primary; make it read-only and check its data",
                  {{"host", options_.hosts[set_aside.back()].name}});
    }
    figures_->set_aside = set_aside.size();
    figures_->has_primary = topology_.writable_primary(now).has_value();
    figures_->is_replicated = replicated;
}

}  // namespace userinfo::sql
