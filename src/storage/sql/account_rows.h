// The tables account and credential, as several stores use them inside their transactions.
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

// Locked until the end of the transaction. A tombstone is found as well.
std::optional<account_row> lock_account(connection& db, const uuid& public_id);

// The version of its password; nothing if it has none. Locked.
std::optional<std::uint64_t> lock_password_version(connection& db, std::int64_t account);

// No session that was opened before is live any more.
void raise_session_epoch(connection& db, std::int64_t account, timestamp now);

}  // namespace userinfo::sql
