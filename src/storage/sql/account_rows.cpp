#include "storage/sql/account_rows.h"

namespace userinfo::sql {

std::optional<account_row> lock_account(connection& db, const uuid& public_id) {
    const auto row = db.query_one("SELECT id, status, session_epoch FROM account WHERE public_id = ? /*! FOR UPDATE */",
                                  {public_id});
    if (!row) return std::nullopt;
    return account_row{.id = row->integer(0),
                       .standing = {.status = row->as<account_status>(1), .session_epoch = row->count(2)}};
}

std::optional<account_standing> standing_of(const std::optional<account_row>& row) {
    if (!row) return std::nullopt;
    return row->standing;
}

std::optional<std::uint64_t> lock_password_version(connection& db, const std::optional<account_row>& account) {
    if (!account) return std::nullopt;
    const auto row = db.query_one(
        "SELECT version FROM credential WHERE account_id = ? AND kind = 1 AND disabled_at IS NULL /*! FOR UPDATE */",
        {account->id});
    if (!row) return std::nullopt;
    return row->count(0);
}

void raise_session_epoch(connection& db, std::int64_t account, timestamp now) {
    db.execute(
        "UPDATE account SET session_epoch = session_epoch + 1, version = version + 1, updated_at = ? WHERE id = ?",
        {now, account});
}

}  // namespace userinfo::sql
