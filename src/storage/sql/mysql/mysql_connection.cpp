#include "storage/sql/mysql/mysql_connection.h"

#include <mysql.h>

#include "storage/sql/errors.h"

namespace userinfo::sql {

mysql_connection::mysql_connection(const mysql_endpoint& endpoint, access access) : handle_(endpoint, mysql_silence) {
    configure(access);
}

// The lock wait timeout is shorter than the allowed silence, so that a lock wait does not look like a dead server.
//
// A program that hangs in a transaction must not keep its locks. So the server closes a connection, and rolls back, if
// the next statement does not come within 2 s or a result is not read within 2 s. That is much longer than any pause
// between two statements, and shorter than others wait for a lock with their retries (storage_timeout). The other two
// idle timeouts would take precedence.
void mysql_connection::configure(access access) {
    handle_.run("SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin");
    handle_.run(
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
        "innodb_lock_wait_timeout = 1, foreign_key_checks = 1, unique_checks = 1, "
        "idle_transaction_timeout = 2, idle_write_transaction_timeout = 0, idle_readonly_transaction_timeout = 0, "
        "net_write_timeout = 2");
    const bool writes = access == access::write;
    handle_.run(writes ? "SET SESSION autocommit = 0" : "SET SESSION autocommit = 1");
    handle_.run(writes ? "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE"
                       : "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
}

template <class Work>
auto mysql_connection::noting_breaks(Work work) {
    try {
        return work();
    } catch (const driver_error& failed) {
        if (failed.kind() == failure_kind::disconnected) broken_ = true;
        throw;
    }
}

void mysql_connection::begin_snapshot() {
    noting_breaks([this] { handle_.run("START TRANSACTION READ ONLY"); });
}

void mysql_connection::commit() {
    try {
        noting_breaks([this] { handle_.run("COMMIT"); });
    } catch (const driver_error& failed) {
        if (failed.kind() == failure_kind::conflict) throw;
        throw driver_error(failed.what(), failure_kind::outcome_unknown);
    }
}

void mysql_connection::rollback() noexcept {
    if (broken_) return;
    try {
        handle_.run("ROLLBACK");
    } catch (const std::exception&) {
        broken_ = true;  // the server rolls back when the connection is closed
    }
}

std::int64_t mysql_connection::last_insert_id() { return static_cast<std::int64_t>(mysql_insert_id(handle_.get())); }

std::uint64_t mysql_connection::do_execute(statement sql, parameters values) {
    return noting_breaks([&] { return prepared(sql).execute(values); });
}

std::vector<row> mysql_connection::do_query(statement sql, parameters values) {
    try {
        return prepared(sql).query(values);
    } catch (...) {
        broken_ = true;
        throw;
    }
}

mysql_statement& mysql_connection::prepared(statement sql) {
    const auto found = statements_.find(sql.text());
    if (found != statements_.end()) return found->second;
    return statements_.emplace(sql.text(), mysql_statement(handle_.get(), sql)).first->second;
}

}  // namespace userinfo::sql
