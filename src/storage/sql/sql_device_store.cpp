#include "storage/sql/sql_device_store.h"

#include "session/session_rules.h"
#include "storage/sql/account_rows.h"
#include "storage/sql/audit_rows.h"
#include "storage/sql/device_rows.h"
#include "storage/sql/session_rows.h"

namespace userinfo::sql {

namespace {

// Small, so that a purge never blocks other writers for long.
constexpr std::size_t purge_rows = 500;

}  // namespace

task<result<std::vector<device>>> sql_device_store::list(uuid account) {
    return database_.read([account](connection& db) -> result<std::vector<device>> {
        const auto row = db.query_one("SELECT id FROM account WHERE public_id = ?", {account});
        if (!row) return std::vector<device>();
        return load_devices(db, row->integer(0));
    });
}

task<result<void>> sql_device_store::forget(const principal& by, uuid device, const audit_event& audit) {
    return database_.write([this, &by, device, &audit](connection& db) -> result<void> {
        const auto account = lock_account(db, by.account);
        auto allowed = check_own_session(lock_session(db, by.session), by, clock_.now());
        if (!allowed) return allowed;
        if (!delete_device(db, account->id, device)) return std::unexpected(no_such_device());
        insert_audit(db, audit);
        return {};
    });
}

task<result<void>> sql_device_store::purge(timestamp unused_since) {
    for (;;) {
        const auto purged = co_await database_.write([unused_since](connection& db) -> result<std::size_t> {
            const auto old =
                db.query("SELECT id FROM device WHERE last_used_at < ? LIMIT ?", {unused_since, purge_rows});
            // Deletes by id, because MariaDB would scan the whole table for the rows of a subquery. Looks again,
            // because a device may have been used meanwhile.
            for (const auto& row : old) {
                db.execute("DELETE FROM device WHERE id = ? AND last_used_at < ?", {row.integer(0), unused_since});
            }
            return old.size();
        });
        if (!purged) co_return std::unexpected(purged.error());
        if (*purged < purge_rows) co_return result<void>();
    }
}

}  // namespace userinfo::sql
