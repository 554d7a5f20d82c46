#include "session/rotation.h"

#include <algorithm>
#include <utility>

namespace userinfo {

namespace {

session advance(session current, const rotation_request& request) {
    ++current.generation;
    current.last_seen_at = request.now;
    current.last_address = request.address;
    current.idle_expires_at = std::min(request.now + request.idle, current.absolute_expires_at);
    return current;
}

bool is_within_grace(timestamp now, timestamp since) { return now - since <= rotation_grace; }

bool was_just_rotated(const stored_session& found, timestamp now) {
    return found.rotated_at && is_within_grace(now, *found.rotated_at);
}

// A clock was ahead. Nobody can tell how long ago the rotation was, so a repeat counts as late: it is recorded, and the
// number of repeats is limited.
bool was_rotated_in_the_future(const stored_session& found, timestamp now) {
    return *found.rotated_at - now > rotation_grace;
}

rotation_outcome late_repeat(const stored_session& found) {
    return found.late_repeats < most_late_repeats ? rotation_outcome::repeated_late
                                                  : rotation_outcome::repeated_too_often;
}

// Whether the immediate predecessor is still answered, although the rotation was a while ago.
bool awaits_arrival(const stored_session& found, timestamp now) {
    if (!found.rotated_at || !found.tells_generation) return false;
    if (found.value.arrived < found.value.generation || !found.arrived_at) return true;
    // By another service's clock, it may have arrived before it was made.
    return is_within_grace(now, std::max(*found.arrived_at, *found.rotated_at));
}

rotation_outcome outcome_of(const stored_session& found, const rotation_request& request) {
    const auto current = found.value.generation;
    if (request.generation == current) return rotation_outcome::rotated;
    // The database has forgotten this generation (a restored backup): the token is void, but proves no theft.
    if (request.generation > current) return rotation_outcome::ended;
    const bool is_predecessor = request.generation + 1 == current;
    if (was_just_rotated(found, request.now)) {
        if (!is_predecessor) return rotation_outcome::superseded;
        return was_rotated_in_the_future(found, request.now) ? late_repeat(found) : rotation_outcome::repeated;
    }
    if (!is_predecessor || !awaits_arrival(found, request.now)) return rotation_outcome::reused;
    return late_repeat(found);
}

audit_event ends_session(audit_event refresh, std::string reason) {
    refresh.type = audit_type::refresh_reuse;
    refresh.succeeded = false;
    refresh.reason = std::move(reason);
    return refresh;
}

audit_event repeats(audit_event refresh, const session& current) {
    refresh.type = audit_type::refresh_repeated;
    // Both belong here: this column is cleared when addresses are no longer kept.
    refresh.address += " (rotated at " + current.last_address + ")";
    return refresh;
}

}  // namespace

rotation decide_rotation(const std::optional<stored_session>& found, const rotation_request& request) {
    if (!found || !found->is_live(request.now)) return {.outcome = rotation_outcome::ended, .current = {}};
    const auto outcome = outcome_of(*found, request);
    switch (outcome) {
        case rotation_outcome::rotated: return {.outcome = outcome, .current = advance(found->value, request)};
        case rotation_outcome::ended: return {.outcome = outcome, .current = {}};
        case rotation_outcome::repeated:
        case rotation_outcome::repeated_late:
        case rotation_outcome::repeated_too_often:
        case rotation_outcome::superseded:
        case rotation_outcome::reused: return {.outcome = outcome, .current = found->value};
    }
    std::unreachable();
}

bool is_first_arrival(const std::optional<stored_session>& found, std::uint64_t generation, timestamp now) {
    return found && found->is_live(now) && found->tells_generation && generation == found->value.generation &&
           found->value.arrived < generation;
}

std::optional<audit_event> rotation_event(const rotation& decided, audit_event refresh) {
    switch (decided.outcome) {
        case rotation_outcome::rotated: return refresh;
        case rotation_outcome::repeated_late: return repeats(std::move(refresh), *decided.current);
        case rotation_outcome::repeated_too_often: return ends_session(std::move(refresh), "repeated_too_often");
        case rotation_outcome::reused: return ends_session(std::move(refresh), "");
        case rotation_outcome::repeated:
        case rotation_outcome::superseded:
        case rotation_outcome::ended: return std::nullopt;
    }
    std::unreachable();
}

}  // namespace userinfo
