// Queries on the tables account and credential that several stores share, for use inside their transactions.
#pragma once

#include <cstdint>
#include <optional>

#include "identity/account.h"
#include "storage/sql/connection.h"

namespace userinfo::sql {

struct account_row {
    std::int64_t id;
    account_standing standing;
};

// Locks the row until the end of the transaction. Also finds the tombstone of a deleted account.
std::optional<account_row> lock_account(connection& db, const uuid& public_id);

// Returns what the rules need, or nothing if there is no row.
std::optional<account_standing> standing_of(const std::optional<account_row>& row);

// Returns the version of the account's password, or nothing if it has none or there is no account. Locks the row.
std::optional<std::uint64_t> lock_password_version(connection& db, const std::optional<account_row>& account);

// Invalidates all sessions that were opened before.
void raise_session_epoch(connection& db, std::int64_t account, timestamp now);

}  // namespace userinfo::sql
