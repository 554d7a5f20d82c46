#include "storage/sql/audit_rows.h"

namespace userinfo::sql {

void insert_audit(connection& db, const audit_event& event) {
    db.execute(
        "INSERT INTO audit_event (occurred_at, type, succeeded, reason, actor, subject, session, address, user_agent, "
        "request_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {event.at, to_string(event.type), event.succeeded, event.reason, event.actor, event.subject, event.session,
         event.address, event.user_agent, event.request_id});
}

}  // namespace userinfo::sql
