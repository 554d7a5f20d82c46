#include "storage/sql/mysql/mysql_cluster.h"

#include <utility>

#include <pthread.h>

#include "base/log.h"
#include "storage/sql/mysql/server_probe.h"

namespace userinfo::sql {

namespace {

// Between two lines in the log about why there is no primary, while the reasons change.
constexpr std::chrono::seconds between_complaints{10};

std::string_view complaint_of(const host_probe& said) {
    return said.writable ? "it takes writes, but must not" : "it is read-only";
}

}  // namespace

mysql_cluster::mysql_cluster(const mysql_cluster_options& options, const clock& clock, metrics& metrics)
    : options_(options),
      clock_(clock),
      topology_(options.hosts.size(), options.rules),
      probe_at_once_(options.hosts.size()),
      clocks_(metrics),
      complaints_(options.hosts.size(), "it has not answered yet"),
      figures_(std::make_shared<figures>()) {
    show_figures(metrics);
    for (const auto& each : options_.hosts) hosts_.push_back(std::make_unique<mysql_host>(each, metrics));
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
        commits_.push_back(std::make_unique<commit_watch>(
            options_.hosts[i], *hosts_[i], watchdog_, [this, i] { return primary() == hosts_[i].get(); },
            [this, i] { probe_soon(i); }));
    }
    for (std::size_t i = 0; i < hosts_.size(); ++i)
        threads_.emplace_back([this, i](const std::stop_token& stop) { follow(i, stop); });
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
    std::unique_ptr<server_probe> probe;
    while (!stop.stop_requested()) {
        note(host, ask(host, probe));
        std::unique_lock lock(mutex_);
        const bool has_primary = topology_.primary(steady::now()).has_value();
        wake_.wait_for(lock, stop, has_primary ? options_.interval : options_.interval / 5,
                       [&] { return std::exchange(probe_at_once_[host], false); });
    }
}

mysql_cluster::answer mysql_cluster::ask(std::size_t host, std::unique_ptr<server_probe>& probe) {
    auto& commits = *commits_[host];
    try {
        if (!probe) {
            const server_probe_options options{.endpoint = options_.hosts[host].endpoint,
                                               .require_replica = options_.require_replica,
                                               .longest_commit = options_.rules.longest_commit};
            probe = std::make_unique<server_probe>(options, clock_, watchdog_);
        }
        const bool doubts = commits.has_doubts();
        auto said = probe->ask(doubts);
        if (!said.writable)
            commits.forget();
        else if (doubts)
            said.commits = commits.note_answer(said.commits);
        return said;
    } catch (const std::exception& failed) {
        log_debug("cannot probe a database server",
                  {{"host", options_.hosts[host].name}, {"detail", std::string_view(failed.what())}});
        probe.reset();
        commits.forget();
        return std::unexpected(failed.what());
    }
}

void mysql_cluster::probe_soon(std::size_t host) {
    const std::scoped_lock lock(mutex_);
    probe_at_once_[host] = true;
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
