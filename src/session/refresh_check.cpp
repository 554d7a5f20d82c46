#include "session/refresh_check.h"

#include <algorithm>
#include <utility>

namespace userinfo {

namespace {

bool is_unrenewed(const session& current, timestamp now, std::chrono::seconds access_lifetime) {
    const auto last_token = std::max(current.last_seen_at, current.auth_time);
    return now >= last_token + access_lifetime + unrenewed_time;
}

}  // namespace

refresh_standing standing_of_refresh(const std::optional<stored_session>& found, const rotation_request& shown,
                                     std::chrono::seconds access_lifetime) {
    switch (decide_rotation(found, shown).outcome) {
        case rotation_outcome::rotated:
        case rotation_outcome::repeated:
        case rotation_outcome::repeated_late:
            return is_unrenewed(found->value, shown.now, access_lifetime) ? refresh_standing::unrenewed
                                                                          : refresh_standing::current;
        case rotation_outcome::superseded: return refresh_standing::superseded;
        case rotation_outcome::repeated_too_often:
        case rotation_outcome::reused: return refresh_standing::reused;
        case rotation_outcome::ended: return refresh_standing::ended;
    }
    std::unreachable();
}

}  // namespace userinfo
