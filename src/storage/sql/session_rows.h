// Queries on the tables session and revoked_session that several stores share. All code that ends a session must use
// them, so that each ended session is also in revoked_session.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "account/account_store.h"
#include "base/result.h"
#include "identity/account.h"
#include "session/principal.h"
#include "session/session.h"
#include "storage/sql/connection.h"

namespace userinfo::sql {

struct session_row {
    std::int64_t id;
    std::int64_t account_id;
    session value;
    std::optional<timestamp> rotated_at;
    bool ended;
    bool account_allows;  // the account is active and the session has its current epoch

    bool is_live(timestamp now) const { return !ended && account_allows && value.expires_at() > now; }
};

std::optional<session_row> load_session(connection& db, const uuid& sid);

// The same, and locks the row until the end of the transaction.
std::optional<session_row> lock_session(connection& db, const uuid& sid);

// Returns the account's sessions that have not ended, most recently seen first.
std::vector<session_row> load_open_sessions(connection& db, const uuid& account);

// Returns the caller's own session and locks it. errc::invalid_token: it is not live.
result<session_row> lock_own_session(connection& db, const principal& by, timestamp now);

void insert_session(connection& db, const session& opened, std::int64_t account_id, std::uint64_t epoch);

void end_session(connection& db, const session_row& row, end_reason reason, timestamp now);

// Ends all of `rows` except `kept`. Returns the ids of the sessions that it ended.
session_ids end_sessions(connection& db, const std::vector<session_row>& rows, end_reason reason, timestamp now,
                         std::optional<uuid> kept = {});

}  // namespace userinfo::sql
