#include "storage/sql/mysql/mysql_database.h"

#include <algorithm>

#include "storage/sql/errors.h"

namespace userinfo::sql {

task<std::optional<error>> mysql_database::run_write(transaction_body& body) {
    auto failed = co_await run(mysql_host::access::write, body);
    // Even if it failed, because it may have been committed.
    written_at_ = std::chrono::steady_clock::now();
    co_return failed;
}

task<std::optional<error>> mysql_database::run_read(transaction_body& body) {
    return run(mysql_host::access::read, body);
}

task<std::optional<error>> mysql_database::run_look(transaction_body& body) {
    return run(mysql_host::access::look, body);
}

std::optional<unchanged_period> mysql_database::unchanged() const {
    auto period = watch_ ? watch_() : std::nullopt;
    if (!period) return std::nullopt;
    period->since = std::max(period->since, written_at_.load());
    return period->since <= period->until ? period : std::nullopt;
}

task<std::optional<error>> mysql_database::run(mysql_host::access access, transaction_body& body) {
    auto* const host = choose_(access);
    if (host == nullptr) co_return storage_unavailable();
    co_return co_await host->run(access, body);
}

}  // namespace userinfo::sql
