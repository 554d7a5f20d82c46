// Refresh token rotation as a compare-and-set on the session's row.
#pragma once

#include "audit/audit_event.h"
#include "base/clock.h"
#include "session/session_store.h"
#include "storage/sql/connection.h"

namespace userinfo::sql {

// Implements session_store::rotate inside its transaction.
rotation rotate_session(connection& db, const rotation_request& request, const audit_event& audit, const clock& clock);

}  // namespace userinfo::sql
