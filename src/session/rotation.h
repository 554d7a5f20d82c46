// Refresh token rotation (RFC 9700 section 4.14.2): what a refresh token does to its session when it arrives.
//
// Plain functions without I/O. A store calls them inside its transaction, on a row that it has locked.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "audit/audit_event.h"
#include "base/clock.h"
#include "base/uuid.h"
#include "session/session_rules.h"

namespace userinfo {

// For how long after a rotation the immediate predecessor is answered with the same successor: a client may have sent
// two requests at once, or lost the reply. A deviation from OWASP ASVS 5.0 section 10.4.5: docs/security.md.
inline constexpr std::chrono::seconds rotation_grace{30};

struct rotation_request {
    uuid session;
    std::uint64_t generation;  // of the token that was presented; its MAC is verified
    timestamp now;
    std::string address;
    std::chrono::seconds idle;  // the new idle expiry is now + idle
};

enum class rotation_outcome {
    rotated,   // generation g became g + 1
    repeated,  // the immediate predecessor, within the grace: the same successor again, nothing is written
    ended,     // no such session, it is not live, or the database has forgotten this newer token (a restored backup);
               // nothing is written
    reused,    // an older one, which only a thief or their victim can have: the session ends, `refresh_reuse`
};

struct rotation {
    rotation_outcome outcome;
    std::optional<session> current;  // as it is now; for `reused`, as it was when it ended; for `ended`, nothing
};

// The rule. `found` is the session that the request names, or nothing if there is none. The store writes what the
// outcome says: `rotated`: `current`, and `now` as the time of the rotation; `reused`: the end of the session.
rotation decide_rotation(const std::optional<stored_session>& found, const rotation_request& request);

// The event for `reused`, made from the one for `rotated`.
audit_event refresh_reuse_event(audit_event refresh);

}  // namespace userinfo
