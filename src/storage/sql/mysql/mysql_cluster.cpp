#include "storage/sql/mysql/mysql_cluster.h"

#include <utility>

#include <pthread.h>

#include "base/log.h"
#include "storage/sql/errors.h"

namespace userinfo::sql {

namespace {

// A server that needs longer to reply is not healthy. A primary that has just lost its replica needs a second, once.
constexpr std::chrono::milliseconds answer_limit{1500};

// Semi-synchronous replication turns itself off while no replica answers, and on again afterwards.
bool is_replicated(connection& db) {
    std::size_t signs = 0;
    for (const auto& row : db.query("SHOW GLOBAL STATUS WHERE Variable_name IN "
                                    "('Rpl_semi_sync_master_status', 'Rpl_semi_sync_master_clients')")) {
        signs += row.text(1) != "OFF" && row.text(1) != "0" ? 1 : 0;
    }
    return signs == 2;
}

host_probe read_probe(connection& db) {
    const auto row = db.query_one("SELECT @@global.read_only, epoch, heartbeat FROM cluster_state");
    if (!row) throw driver_error("the table cluster_state is empty", failure_kind::bug);
    return {.writable = row->integer(0) == 0,
            .replicated = is_replicated(db),
            .epoch = row->integer(1),
            .heartbeat = row->integer(2)};
}

}  // namespace

mysql_cluster::mysql_cluster(const mysql_cluster_options& options, metrics& metrics)
    : options_(options), topology_(options.hosts.size(), options.rules), figures_(std::make_shared<figures>()) {
    show_figures(metrics);
    for (const auto& each : options_.hosts) hosts_.push_back(std::make_unique<mysql_host>(each, metrics));
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
        threads_.emplace_back([this, i](const std::stop_token& stop) { follow(i, stop); });
    }
}

mysql_cluster::~mysql_cluster() {
    for (auto& thread : threads_) thread.request_stop();
    threads_.clear();
}

void mysql_cluster::show_figures(metrics& metrics) const {
    metrics.gauge("userinfo_storage_set_aside", "Database servers that take writes though they must not",
                  [all = figures_] { return static_cast<double>(all->set_aside); });
    metrics.gauge("userinfo_storage_has_primary", "1: there is a database server that takes writes",
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
    return at(options_.require_replica ? topology_.replicated_primary(now) : topology_.primary(now));
}

bool mysql_cluster::wait_for_primary(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    return wake_.wait_for(lock, patience, [this] {
        const auto now = steady::now();
        return topology_.primary(now) && (topology_.knows_all() || now - begun_ > answer_limit);
    });
}

std::optional<mysql_endpoint> mysql_cluster::primary_endpoint() {
    const std::scoped_lock lock(mutex_);
    const auto primary = topology_.primary(steady::now());
    return primary ? std::optional(options_.hosts[*primary].endpoint) : std::nullopt;
}

mysql_host* mysql_cluster::reader() {
    const std::scoped_lock lock(mutex_);
    return at(topology_.reader(steady::now()));
}

std::size_t mysql_cluster::set_aside() {
    const std::scoped_lock lock(mutex_);
    return topology_.set_aside(steady::now()).size();
}

void mysql_cluster::follow(std::size_t host, const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), "db-probe");
    std::unique_ptr<mysql_connection> connection;
    while (!stop.stop_requested()) {
        note(host, ask(host, connection));
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, stop, options_.interval, [] { return false; });
    }
}

// Returns nothing if the server does not answer. Increments the heartbeat on the primary; the other servers get it by
// replication.
std::optional<host_probe> mysql_cluster::ask(std::size_t host, std::unique_ptr<mysql_connection>& connection) {
    const auto deadline = steady::now() + answer_limit;
    try {
        if (!connection) {
            const auto& endpoint = options_.hosts[host].endpoint;
            connection = std::make_unique<mysql_connection>(endpoint, mysql_connection::access::write);
        }
        const deadline_watchdog::watch watch(watchdog_, connection->socket(), deadline);
        if (primary() == hosts_[host].get()) {
            connection->execute("UPDATE cluster_state SET heartbeat = heartbeat + 1");
        }
        const auto said = read_probe(*connection);
        connection->commit();
        return said;
    } catch (const std::exception& failed) {
        log_debug("cannot probe a database server",
                  {{"host", options_.hosts[host].name}, {"detail", std::string_view(failed.what())}});
    }
    connection.reset();
    return std::nullopt;
}

void mysql_cluster::note(std::size_t host, std::optional<host_probe> probe) {
    const std::scoped_lock lock(mutex_);
    const auto now = steady::now();
    topology_.note(host, probe, now);
    tell_changes(now);
    wake_.notify_all();
}

void mysql_cluster::tell_changes(steady::time_point now) {
    const auto primary = topology_.primary(now);
    if (primary != std::exchange(told_primary_, primary)) {
        if (primary)
            log_info("found the primary database", {{"host", std::string_view(options_.hosts[*primary].name)}});
        if (!primary) log_warning("no primary database is available; writes are rejected");
    }
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
    figures_->has_primary = primary.has_value();
    figures_->is_replicated = replicated;
}

}  // namespace userinfo::sql
