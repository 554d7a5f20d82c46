#include "storage/sql/mysql/mysql_cluster.h"

#include <pthread.h>

#include "base/log.h"
#include "storage/sql/errors.h"

namespace userinfo::sql {

namespace {

// A server that takes longer to say how it is, is not well.
constexpr std::chrono::seconds answer_limit{1};

host_probe read_probe(connection& db) {
    const auto row = db.query_one("SELECT @@global.read_only, epoch, heartbeat FROM cluster_state");
    if (!row) throw driver_error("the table cluster_state is empty", failure_kind::bug);
    return {.writable = row->integer(0) == 0, .epoch = row->integer(1), .heartbeat = row->integer(2)};
}

}  // namespace

mysql_cluster::mysql_cluster(const mysql_cluster_options& options, metrics& metrics)
    : options_(options),
      topology_(options.hosts.size(), options.rules),
      set_aside_(std::make_shared<std::atomic<std::size_t>>(0)) {
    metrics.gauge("userinfo_storage_set_aside", "Database servers that take writes though they must not",
                  [set_aside = set_aside_] { return static_cast<double>(*set_aside); });
    for (const auto& each : options_.hosts) hosts_.push_back(std::make_unique<mysql_host>(each, metrics));
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
        threads_.emplace_back([this, i](const std::stop_token& stop) { follow(i, stop); });
    }
}

mysql_cluster::~mysql_cluster() {
    for (auto& thread : threads_) thread.request_stop();
    threads_.clear();
}

mysql_host* mysql_cluster::primary() {
    const std::scoped_lock lock(mutex_);
    return at(topology_.primary(steady::now()));
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

// Nothing: it does not answer. The primary's heart beats here; the others get its beats by replication.
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
        log_debug("a database server cannot be asked",
                  {{"host", options_.hosts[host].name}, {"detail", std::string_view(failed.what())}});
    }
    connection.reset();
    return std::nullopt;
}

void mysql_cluster::note(std::size_t host, std::optional<host_probe> probe) {
    const std::scoped_lock lock(mutex_);
    const auto now = steady::now();
    topology_.note(host, probe, now);
    if (const auto primary = topology_.primary(now); primary != told_primary_) {
        told_primary_ = primary;
        log_warning("the primary database has changed",
                    {{"host", primary ? std::string_view(options_.hosts[*primary].name) : "none"}});
    }
    const auto set_aside = topology_.set_aside(now);
    *set_aside_ = set_aside.size();
    if (set_aside.size() > told_set_aside_) {
        log_error(
            "a database server takes writes though it is not the primary: make it read-only, and look at what it holds",
            {{"host", options_.hosts[set_aside.back()].name}});
    }
    told_set_aside_ = set_aside.size();
}

}  // namespace userinfo::sql
