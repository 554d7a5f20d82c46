#include "storage/sql/sqlite/group_commit.h"

#include <algorithm>
#include <iterator>

#include <pthread.h>

#include "storage/sql/errors.h"
#include "storage/sql/storage_figures.h"

namespace userinfo::sql {

group_commit::group_commit(std::unique_ptr<sqlite_connection> connection, options options, metrics& metrics)
    : options_(options),
      connection_(std::move(connection)),
      write_seconds_(storage_latency(metrics, {{"operation", "write"}})),
      commit_seconds_(storage_latency(metrics, {{"operation", "commit"}})),
      waiting_(std::make_shared<std::atomic<std::size_t>>(0)) {
    measure_storage_queue(metrics, [waiting = waiting_] { return static_cast<double>(*waiting); },
                          {{"operation", "write"}});
    thread_ = std::thread([this] { serve(); });
}

group_commit::~group_commit() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

task<std::optional<error>> group_commit::run(operation_body& body) {
    return suspend<std::optional<error>>([this, &body](continuation<std::optional<error>> settle) {
        enqueue({.begin = std::chrono::steady_clock::now(), .body = &body, .settle = std::move(settle)});
    });
}

void group_commit::enqueue(operation operation) {
    {
        const std::scoped_lock lock(mutex_);
        if (queue_.size() < options_.queue_limit) {
            queue_.push_back(std::move(operation));
            *waiting_ = queue_.size();
            wake_.notify_one();
            return;
        }
    }
    operation.settle(too_busy(errc::overloaded));
}

void group_commit::serve() {
    pthread_setname_np(pthread_self(), "db-write");
    for (;;) {
        auto next = take();
        if (next.empty()) return;
        const auto failed = commit_together(next);
        settle(next, failed);
    }
}

// Empty if everything is done and nothing more will come.
group_commit::batch group_commit::take() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    const auto count = static_cast<std::ptrdiff_t>(std::min(queue_.size(), options_.batch_limit));
    batch taken(std::move_iterator(queue_.begin()), std::move_iterator(queue_.begin() + count));
    queue_.erase(queue_.begin(), queue_.begin() + count);
    *waiting_ = queue_.size();
    return taken;
}

void group_commit::settle(batch& settled, const std::optional<error>& failed) {
    const auto now = std::chrono::steady_clock::now();
    for (auto& each : settled) {
        write_seconds_.observe(now - each.begin);
        each.settle(failed ? failed : each.failed);
    }
}

// Even an operation that wrote nothing must report the failure, because it may have read another operation's write.
std::optional<error> group_commit::commit_together(batch& batch) {
    try {
        connection_->begin_exclusive();
        for (auto& each : batch) perform(each);
        commit();
        return std::nullopt;
    } catch (const std::exception& failed) {
        connection_->rollback();
        return to_error(failed);
    }
}

// Throws if the whole transaction has failed.
void group_commit::perform(operation& operation) {
    if (std::chrono::steady_clock::now() - operation.begin > options_.timeout) {
        operation.failed = storage_unavailable();
        return;
    }
    connection_->begin_savepoint();
    try {
        if ((*operation.body)(*connection_)) return connection_->release_savepoint();
    } catch (const driver_error& failed) {
        if (failed.kind() == failure_kind::whole_transaction || !connection_->in_transaction()) throw;
        operation.failed = to_error(failed);
    } catch (const std::exception& failed) {
        operation.failed = to_error(failed);
    }
    connection_->rollback_savepoint();
}

void group_commit::commit() {
    const latency_timer timer(commit_seconds_);
    connection_->commit();
}

}  // namespace userinfo::sql
