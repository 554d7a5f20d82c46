// MariaDB as the program's database: a single server, or the current choice among several.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>

#include "storage/sql/database.h"
#include "storage/sql/mysql/mysql_host.h"

namespace userinfo::sql {

class mysql_database final : public database {
public:
    // Returns the server for a transaction, or null if there is none at the moment. Called from any thread.
    using chooser = std::function<mysql_host*(mysql_host::access)>;

    // Returns for how long the data have not changed, whoever might write them. Called from any thread.
    using watcher = std::function<std::optional<unchanged_period>()>;

    // The schema must exist (mysql_schema.h).
    explicit mysql_database(chooser choose, watcher watch = {})
        : choose_(std::move(choose)), watch_(std::move(watch)) {}
    explicit mysql_database(mysql_host& host) : choose_([&host](mysql_host::access) { return &host; }) {}

    std::optional<unchanged_period> unchanged() const override;

private:
    task<std::optional<error>> run_write(transaction_body& body) override;
    task<std::optional<error>> run_read(transaction_body& body) override;
    task<std::optional<error>> run_look(transaction_body& body) override;

    task<std::optional<error>> run(mysql_host::access access, transaction_body& body);

    const chooser choose_;
    const watcher watch_;  // empty: nobody knows
    std::atomic<std::chrono::steady_clock::time_point> written_at_{};
};

}  // namespace userinfo::sql
