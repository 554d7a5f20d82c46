#include "storage/sql/session_rotation.h"

#include <algorithm>

#include "storage/sql/audit_rows.h"
#include "storage/sql/session_rows.h"

namespace userinfo::sql {

namespace {

rotation advance(connection& db, session_row row, const rotation_request& request, const audit_event& audit) {
    auto& now_current = row.value;
    const auto presented = now_current.generation++;
    now_current.last_seen_at = request.now;
    now_current.last_address = request.address;
    now_current.idle_expires_at = std::min(request.now + request.idle, now_current.absolute_expires_at);
    db.execute(
        "UPDATE session SET generation = ?, rotated_at = ?, last_seen_at = ?, last_address = ?, idle_expires_at = ? "
        "WHERE id = ? AND generation = ?",
        {now_current.generation, request.now, now_current.last_seen_at, now_current.last_address,
         now_current.idle_expires_at, row.id, presented});
    insert_audit(db, audit);
    return {.outcome = rotation_outcome::rotated, .current = std::move(now_current)};
}

rotation end_reused(connection& db, session_row row, const audit_event& audit, const clock& clock) {
    end_session(db, row, end_reason::refresh_reuse, clock.now());
    audit_event reuse = audit;
    reuse.type = audit_type::refresh_reuse;
    reuse.succeeded = false;
    insert_audit(db, reuse);
    return {.outcome = rotation_outcome::reused, .current = std::move(row.value)};
}

bool in_grace(const session_row& row, const rotation_request& request) {
    return request.generation + 1 == row.value.generation && row.rotated_at &&
           request.now - *row.rotated_at <= request.grace;
}

}  // namespace

rotation rotate_session(connection& db, const rotation_request& request, const audit_event& audit, const clock& clock) {
    auto row = lock_session(db, request.session);
    if (!row || !row->is_live(request.now)) return {.outcome = rotation_outcome::ended, .current = {}};
    const auto current = row->value.generation;
    if (request.generation == current) return advance(db, std::move(*row), request, audit);
    // The token is newer than the database, which was restored from a backup. It is invalid, but not stolen.
    if (request.generation > current) return {.outcome = rotation_outcome::ended, .current = {}};
    if (in_grace(*row, request)) return {.outcome = rotation_outcome::repeated, .current = std::move(row->value)};
    return end_reused(db, std::move(*row), audit, clock);
}

}  // namespace userinfo::sql
