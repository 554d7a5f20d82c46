// Queries on the tables account and credential that several stores share, for use inside their transactions.
#pragma once

#include <cstdint>
#include <optional>

#include "identity/account.h"
#include "storage/sql/connection.h"

namespace userinfo::sql {

struct account_row {
    std::int64_t id;
    account_status status;
    std::uint64_t session_epoch;
};

// Locks the row until the end of the transaction. Also finds the tombstone of a deleted account.
std::optional<account_row> lock_account(connection& db, const uuid& public_id);

// Returns the version of the account's password, or nothing if it has none. Locks the row.
std::optional<std::uint64_t> lock_password_version(connection& db, std::int64_t account);

// Invalidates all sessions that were opened before.
void raise_session_epoch(connection& db, std::int64_t account, timestamp now);

}  // namespace userinfo::sql
