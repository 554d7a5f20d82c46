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

// A client may lose the reply to a refresh, or send two at once. So the immediate predecessor is answered with the same
// successor until the client has shown that it has the successor (session/arrivals.h), and for this long after that. A
// deviation from OWASP ASVS 5.0 section 10.4.5: docs/security.md.
inline constexpr std::chrono::seconds rotation_grace{30};

// How often a predecessor is answered more than rotation_grace after its rotation.
inline constexpr std::uint64_t most_late_repeats = 20;

struct rotation_request {
    uuid session;
    std::uint64_t generation;  // of the token that was presented; its MAC is verified
    timestamp now;
    std::string address;
    std::chrono::seconds idle;  // the new idle expiry is now + idle
};

enum class rotation_outcome {
    rotated,        // generation g became g + 1
    repeated,       // the immediate predecessor, just after the rotation: the same successor again, nothing is written
    repeated_late,  // the same, later: counted, `refresh_repeated`
    repeated_too_often,  // later, once more than most_late_repeats: the session ends, `refresh_reuse`
    superseded,  // an older one just after the rotation, as requests may overtake each other: refused, nothing is
                 // written
    reused,      // one that only a thief or their victim can have: the session ends, `refresh_reuse`
    ended,       // no such session, it is not live, or the database has forgotten this newer token (a restored backup);
                 // nothing is written
};

struct rotation {
    rotation_outcome outcome;
    std::optional<session> current;  // as it is now; if it ends, as it was when it ended; for `ended`, nothing
};

// The rule. `found` is the session that the request names, or nothing if there is none. The store writes what the
// outcome says. `rotated`: `current`, `now` as the time of the rotation, no late repeats, and that its access tokens
// tell their generation. `repeated_late`: one more late repeat. `reused` and `repeated_too_often`: the end of the
// session.
rotation decide_rotation(const std::optional<stored_session>& found, const rotation_request& request);

// Whether an access token of this generation, shown by the client, is the first sign that the client has the current
// refresh token. The store then writes `generation` as arrived, at `now`.
bool is_first_arrival(const std::optional<stored_session>& found, std::uint64_t generation, timestamp now);

// The event for an outcome that is recorded, made from the one for `rotated`; nothing for the others. A late repeat
// names both addresses, that of the repeat and that of the rotation: they differ if somebody else has the token.
std::optional<audit_event> rotation_event(const rotation& decided, audit_event refresh);

}  // namespace userinfo
