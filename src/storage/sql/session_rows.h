// Queries on the tables session and revoked_session that several stores share. All code that ends a session must use
// them, so that each ended session is also in revoked_session.
//
// The account's row is the lock of all its sessions: a transaction that opens, rotates or ends one holds that row until
// it commits, through lock_account or lock_session. So load_open_sessions needs no lock of its own: after the lock it
// misses no session, and nobody else ends one that it found. On MariaDB, a writer's statement reads what was committed
// before it began (READ COMMITTED), not a snapshot from before the lock. If two transactions lock the rows of a session
// and its account in opposite orders, MariaDB aborts one, and `database` repeats it. On SQLite, a write transaction
// locks the whole database (BEGIN IMMEDIATE). Only a purge does without the lock: it deletes sessions that ended or
// expired long ago.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "session/session.h"
#include "session/session_rules.h"
#include "storage/sql/connection.h"

namespace userinfo::sql {

std::optional<stored_session> load_session(connection& db, const uuid& sid);

// The same, and locks the session's row and its account's until the end of the transaction.
std::optional<stored_session> lock_session(connection& db, const uuid& sid);

// Returns the account's sessions that have not ended, in the order in which they were opened. In a transaction that
// writes, lock the account first, as above.
std::vector<stored_session> load_open_sessions(connection& db, const uuid& account);

// The same, most recently seen first.
std::vector<stored_session> load_open_sessions_by_use(connection& db, const uuid& account);

// Returns the account's sessions that their owner has ended at or after `since`.
session_ids load_ended_by_owner(connection& db, const uuid& account, timestamp since);

void insert_session(connection& db, const session& opened, std::int64_t account_id, std::uint64_t epoch);

// Writes what a rotation changes.
void update_rotated(connection& db, const session& rotated, timestamp now);

// Counts one more late repeat of the current generation's predecessor.
void add_late_repeat(connection& db, const uuid& sid);

// Writes that this generation has reached its client.
void update_arrived(connection& db, const uuid& sid, std::uint64_t generation, timestamp now);

void end_session(connection& db, const uuid& sid, end_reason reason, timestamp now);

void end_sessions(connection& db, const session_ids& ended, end_reason reason, timestamp now);

// Ends all sessions of the account that have not ended. Returns their ids.
session_ids end_open_sessions(connection& db, const uuid& account, end_reason reason, timestamp now);

}  // namespace userinfo::sql
