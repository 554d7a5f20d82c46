// Runs transactions on one MariaDB server, with a bounded number of connections on threads that may block.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/blocking_pool.h"
#include "base/metrics.h"
#include "base/result.h"
#include "base/task.h"
#include "storage/sql/database.h"
#include "storage/sql/mysql/deadline_watchdog.h"
#include "storage/sql/mysql/host_health.h"
#include "storage/sql/mysql/mysql_connection.h"
#include "storage/sql/mysql/transaction_retries.h"

namespace userinfo::sql {

struct mysql_host_options {
    mysql_endpoint endpoint;
    std::string name = "primary";  // in the log and in metrics
    std::size_t threads;           // each has at most two connections, one to read and one to write
    std::size_t queue_limit = 4096;
    std::chrono::steady_clock::duration timeout = storage_timeout;  // of a transaction, including queueing and retries
};

// Thread-safe.
class mysql_host {
public:
    using access = mysql_connection::access;
    using transaction_body = std::move_only_function<bool(connection&)>;

    // Does not contact the server.
    mysql_host(mysql_host_options options, metrics& metrics);

    // Finishes the waiting transactions. The io_contexts of their callers must still exist.
    ~mysql_host() = default;

    // Runs `body` in a transaction, and commits if it returns true. Repeats it after conflicts. Returns nothing on
    // success, otherwise why the transaction failed: errc::overloaded, errc::internal, or errc::unavailable
    // (immediately while the server is known to be down). After errc::unavailable, a commit whose reply was lost may
    // have happened. `body` must live until then.
    task<std::optional<error>> run(access access, transaction_body& body);

    // Whether the last transaction of this kind did not fail because of the server. A server may answer reads while its
    // commits wait for something, such as room on its disk.
    bool is_up(access access) const { return health_[index(access)].is_up(); }

    // Notes that the server has finished a transaction, of this object or of somebody else.
    void note_success(access access);

private:
    class lent_connection;
    using time_point = std::chrono::steady_clock::time_point;

    std::optional<error> perform(access access, transaction_body& body, time_point deadline);
    void transact(access access, transaction_body& body, time_point deadline);
    static void run_on(mysql_connection& connection, access access, transaction_body& body);
    void note_failure(access access, const char* why);
    static std::size_t index(access access) { return access == access::write ? 1 : 0; }

    std::unique_ptr<mysql_connection> take_idle(access access);
    void give_back(access access, std::unique_ptr<mysql_connection> connection);
    void drop_idle();

    const mysql_host_options options_;
    std::array<latency_histogram*, 2> seconds_;                 // by access
    std::array<counter*, 3> retries_;                           // by cause
    const std::shared_ptr<std::atomic<std::int64_t>> running_;  // shared with the gauge, which may outlive this object

    std::array<host_health, 2> health_;  // by access
    deadline_watchdog watchdog_;
    std::mutex idle_mutex_;
    std::array<std::vector<std::unique_ptr<mysql_connection>>, 2> idle_;  // by access
    blocking_pool pool_;
};

}  // namespace userinfo::sql
