#include "session/rotation.h"

#include <algorithm>

namespace userinfo {

namespace {

session advance(session current, const rotation_request& request) {
    ++current.generation;
    current.last_seen_at = request.now;
    current.last_address = request.address;
    current.idle_expires_at = std::min(request.now + request.idle, current.absolute_expires_at);
    return current;
}

bool is_in_grace(const stored_session& found, const rotation_request& request) {
    return request.generation + 1 == found.value.generation && found.rotated_at &&
           request.now - *found.rotated_at <= rotation_grace;
}

}  // namespace

rotation decide_rotation(const std::optional<stored_session>& found, const rotation_request& request) {
    if (!found || !found->is_live(request.now)) return {.outcome = rotation_outcome::ended, .current = {}};
    const auto& current = found->value;
    if (request.generation == current.generation) {
        return {.outcome = rotation_outcome::rotated, .current = advance(current, request)};
    }
    // The database has forgotten this generation (a restored backup): the token is void, but proves no theft.
    if (request.generation > current.generation) return {.outcome = rotation_outcome::ended, .current = {}};
    if (is_in_grace(*found, request)) return {.outcome = rotation_outcome::repeated, .current = current};
    return {.outcome = rotation_outcome::reused, .current = current};
}

audit_event refresh_reuse_event(audit_event refresh) {
    refresh.type = audit_type::refresh_reuse;
    refresh.succeeded = false;
    return refresh;
}

}  // namespace userinfo
