#include "storage/sql/mysql/mysql_host.h"

#include <random>
#include <thread>
#include <utility>

#include "base/log.h"
#include "storage/sql/errors.h"
#include "storage/sql/storage_figures.h"

namespace userinfo::sql {

namespace {

using steady = std::chrono::steady_clock;

// An idle connection that was closed reports that immediately. If it stays silent first, the server is in trouble.
constexpr std::chrono::seconds stale_is_noticed{1};

std::string_view to_string(mysql_host::access access) { return access == mysql_host::access::write ? "write" : "read"; }

latency_histogram& latency_of(metrics& metrics, std::string_view operation, std::string_view host) {
    return storage_latency(metrics, {{"operation", operation}, {"host", host}});
}

counter& retry_counter(metrics& metrics, std::string_view cause, std::string_view host) {
    return metrics.counter("userinfo_storage_retries_total", "Transactions that were begun again",
                           {{"cause", cause}, {"host", host}});
}

void pause(std::chrono::microseconds longest) {
    thread_local std::minstd_rand random{std::random_device()()};
    std::this_thread::sleep_for(
        std::chrono::microseconds(std::uniform_int_distribution<std::int64_t>(0, longest.count())(random)));
}

// Counts itself in a gauge during its own lifetime.
class counted {
public:
    explicit counted(std::atomic<std::int64_t>& count) : count_(count) { ++count_; }
    ~counted() { --count_; }

    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;

private:
    std::atomic<std::int64_t>& count_;
};

}  // namespace

// A connection for one transaction: an idle one or a new one. Returned to the pool if it is still usable.
class mysql_host::lent_connection {
public:
    // Throws driver_error if no connection can be made.
    lent_connection(mysql_host& owner, access access)
        : owner_(owner), access_(access), connection_(owner.take_idle(access)), was_idle_(connection_ != nullptr) {
        if (!connection_) connection_ = std::make_unique<mysql_connection>(owner.options_.endpoint, access);
    }

    ~lent_connection() {
        if (!connection_->is_broken()) owner_.give_back(access_, std::move(connection_));
    }

    lent_connection(const lent_connection&) = delete;
    lent_connection& operator=(const lent_connection&) = delete;

    mysql_connection* operator->() const { return connection_.get(); }
    mysql_connection& operator*() const { return *connection_; }
    bool was_idle() const { return was_idle_; }

private:
    mysql_host& owner_;
    const access access_;
    std::unique_ptr<mysql_connection> connection_;
    const bool was_idle_;
};

mysql_host::mysql_host(mysql_host_options options, metrics& metrics)
    : options_(std::move(options)),
      seconds_{&latency_of(metrics, "read", options_.name), &latency_of(metrics, "write", options_.name)},
      retries_{&retry_counter(metrics, "conflict", options_.name), &retry_counter(metrics, "race", options_.name),
               &retry_counter(metrics, "stale", options_.name)},
      running_(std::make_shared<std::atomic<std::int64_t>>(0)),
      pool_({.name = "db-" + options_.name.substr(0, 9),
             .threads = options_.threads,
             .queue_limit = options_.queue_limit}) {
    measure_storage_queue(metrics, [running = running_] { return static_cast<double>(*running); },
                          {{"host", options_.name}});
}

task<std::optional<error>> mysql_host::run(access access, transaction_body& body) {
    const latency_timer timer(*seconds_[index(access)]);
    const counted running(*running_);
    const auto deadline = steady::now() + options_.timeout;
    auto& health = health_[index(access)];
    const bool was_up = health.is_up();
    if (!was_up && !health.take_trial(steady::now())) co_return storage_unavailable();
    auto outcome = co_await pool_.run(deadline, [this, access, &body, deadline, was_up]() -> std::optional<error> {
        // The server may have gone down while this waited.
        if (was_up && !is_up(access)) return storage_unavailable();
        return perform(access, body, deadline);
    });
    if (!outcome) co_return std::move(outcome.error());
    co_return std::move(*outcome);
}

std::optional<error> mysql_host::perform(access access, transaction_body& body, time_point deadline) {
    transaction_retries retries(deadline);
    const auto may_retry = [&](retry_cause cause) {
        if (!retries.allow(cause, steady::now())) return false;
        retries_[static_cast<std::size_t>(cause)]->add();
        pause(retries.longest_pause());
        return true;
    };
    for (;;) {
        try {
            transact(access, body, deadline);
            return std::nullopt;
        } catch (const constraint_violation& violated) {
            if (!may_retry(retry_cause::race)) return to_error(violated);
        } catch (const driver_error& failed) {
            const bool conflict = failed.kind() == failure_kind::conflict;
            const bool stale = failed.kind() == failure_kind::disconnected;
            if (!(conflict && may_retry(retry_cause::conflict)) && !(stale && may_retry(retry_cause::stale))) {
                return to_error(failed);
            }
        } catch (const std::exception& failed) {
            return to_error(failed);
        }
    }
}

// Throws constraint_violation and driver_error. Of the latter, only `conflict` and `disconnected` may be retried.
void mysql_host::transact(access access, transaction_body& body, time_point deadline) {
    const auto began = steady::now();
    bool was_idle = false;
    try {
        const lent_connection lent(*this, access);
        was_idle = lent.was_idle();
        const deadline_watchdog::watch watch(watchdog_, lent->socket(), deadline);
        run_on(*lent, access, body);
        note_success(access);
    } catch (const driver_error& failed) {
        const bool lost = failed.kind() == failure_kind::disconnected || failed.kind() == failure_kind::outcome_unknown;
        if (!lost) throw;
        // What broke one connection broke all of them.
        drop_idle();
        if (was_idle && steady::now() - began < stale_is_noticed) throw;
        note_failure(access, failed.what());
        throw driver_error(failed.what(), failure_kind::unavailable);
    }
}

void mysql_host::run_on(mysql_connection& connection, access access, transaction_body& body) {
    try {
        if (access == access::read) connection.begin_snapshot();
        const bool keep = body(connection);
        if (access == access::look) return;
        if (keep && access == access::write)
            connection.commit();
        else
            connection.rollback();
    } catch (...) {
        connection.rollback();
        throw;
    }
}

void mysql_host::note_success(access access) {
    if (!health_[index(access)].note_success()) return;
    log_info("the database answers again", {{"host", options_.name}, {"operation", to_string(access)}});
}

void mysql_host::note_failure(access access, const char* why) {
    if (!health_[index(access)].note_failure(steady::now())) return;
    log_error("the database does not answer",
              {{"host", options_.name}, {"operation", to_string(access)}, {"detail", std::string_view(why)}});
}

std::unique_ptr<mysql_connection> mysql_host::take_idle(access access) {
    const std::scoped_lock lock(idle_mutex_);
    auto& idle = idle_[index(access)];
    if (idle.empty()) return nullptr;
    auto taken = std::move(idle.back());
    idle.pop_back();
    return taken;
}

void mysql_host::give_back(access access, std::unique_ptr<mysql_connection> connection) {
    const std::scoped_lock lock(idle_mutex_);
    idle_[index(access)].push_back(std::move(connection));
}

// Closes the connections outside of the lock, because that may take a while.
void mysql_host::drop_idle() {
    decltype(idle_) dropped;  // declared before the lock, so that it is destroyed after it
    const std::scoped_lock lock(idle_mutex_);
    std::swap(dropped, idle_);
}

}  // namespace userinfo::sql
