// The single writer thread. It commits all waiting operations in one transaction, because the disk flush is what costs.
// Each operation completes after the commit that made it durable.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/metrics.h"
#include "base/result.h"
#include "base/suspend.h"
#include "base/task.h"
#include "storage/sql/sqlite/sqlite_connection.h"

namespace userinfo::sql {

class group_commit {
public:
    // Returns whether to keep the operation's changes.
    using operation_body = std::move_only_function<bool(connection&)>;

    struct options {
        std::size_t queue_limit;                      // maximum number of waiting operations
        std::size_t batch_limit;                      // maximum number of operations in one commit
        std::chrono::steady_clock::duration timeout;  // maximum time in the queue
    };

    group_commit(std::unique_ptr<sqlite_connection> connection, options options, metrics& metrics);

    // Finishes the waiting operations. The io_contexts of their callers must still exist.
    ~group_commit();

    group_commit(const group_commit&) = delete;
    group_commit& operator=(const group_commit&) = delete;

    // Returns nothing if the operation was committed, or rolled back at its own request. Otherwise returns why it
    // failed: errc::overloaded, errc::unavailable, errc::internal. `body` must live until then.
    task<std::optional<error>> run(operation_body& body);

private:
    struct operation {
        std::chrono::steady_clock::time_point begin;
        operation_body* body;
        continuation<std::optional<error>> settle;
        std::optional<error> failed = {};
    };
    using batch = std::vector<operation>;

    void enqueue(operation operation);
    void serve();
    batch take();
    void settle(batch& settled, const std::optional<error>& failed);

    std::optional<error> commit_together(batch& batch);
    void perform(operation& operation);
    void commit();

    const options options_;
    const std::unique_ptr<sqlite_connection> connection_;
    latency_histogram& write_seconds_;
    latency_histogram& commit_seconds_;
    const std::shared_ptr<std::atomic<std::size_t>> waiting_;  // shared with the gauge, which may outlive this object

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<operation> queue_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace userinfo::sql
