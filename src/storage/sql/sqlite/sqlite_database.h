// An SQLite file as the program's database: one writer thread with group commit, and a few reader threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "base/blocking_pool.h"
#include "base/metrics.h"
#include "storage/sql/database.h"
#include "storage/sql/sqlite/group_commit.h"
#include "storage/sql/sqlite/sqlite_connection.h"

namespace userinfo::sql {

struct sqlite_options {
    std::filesystem::path file;
    std::size_t readers = 2;
    std::size_t read_queue_limit = 4096;
    std::size_t write_queue_limit = 4096;
    std::size_t batch_limit = 256;
};

class sqlite_database final : public database {
public:
    // The schema must exist (sqlite_schema.h). Throws std::runtime_error that says what is wrong with the file.
    sqlite_database(const sqlite_options& options, metrics& metrics);

    // Finishes the waiting operations. The io_contexts of their callers must still exist.
    ~sqlite_database() override = default;

private:
    class lent_connection;

    task<std::optional<error>> run_write(transaction_body& body) override;
    task<std::optional<error>> run_read(transaction_body& body) override;

    std::optional<error> read_with(sqlite_connection& connection, transaction_body& body);

    latency_histogram& read_seconds_;
    const std::shared_ptr<std::atomic<std::int64_t>> reading_;  // shared with the gauge, which may outlive this object

    // The order matters: the writing connection closes last and checkpoints the write-ahead log.
    group_commit writer_;
    std::mutex idle_mutex_;
    std::vector<std::unique_ptr<sqlite_connection>> idle_;  // the readers' connections, one per thread of the pool
    blocking_pool readers_;
};

}  // namespace userinfo::sql
