// Where sessions are kept. Each function is one transaction. SQL is the truth about who is logged in; caches only help.
//
// Every function may also return errc::unavailable (the database does not answer) and errc::internal.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "audit/audit_event.h"
#include "base/result.h"
#include "base/task.h"
#include "session/principal.h"
#include "session/session.h"

namespace userinfo {

struct rotation_request {
    uuid session;
    std::uint64_t generation;  // of the token that was presented; its MAC is verified
    timestamp now;
    std::string address;
    std::chrono::seconds idle;   // the new idle expiry is now + idle
    std::chrono::seconds grace;  // for how long after a rotation the immediate predecessor is answered once more
};

enum class rotation_outcome {
    rotated,   // generation g became g + 1
    repeated,  // the immediate predecessor, within the grace: the same successor again, nothing was written
    ended,     // no such session, or it has ended or expired, or its epoch is over
    reused,    // an older one: the session was ended and `refresh_reuse` recorded
};

struct rotation {
    rotation_outcome outcome;
    std::optional<session> current;  // as it is now; for `reused`, as it was when it ended; for `ended`, nothing
};

struct revocation {
    uuid session;
    timestamp revoked_at;  // by the clock of the program that ended it
};

class session_store {
public:
    virtual ~session_store() = default;

    // Opens `opened`, if under lock its account is active and its credential still has `verified_version`; ends the
    // oldest sessions above `per_account`, each with a `session_end` of its own, and returns their ids.
    // errc::wrong_credentials: the password changed meanwhile, or the account is gone. errc::account_suspended.
    virtual task<result<session_ids>> open(const session& opened, std::uint64_t verified_version,
                                           std::size_t per_account, const audit_event& audit) = 0;

    // The session if it is live at `now`: not ended, not expired, of the account's epoch of today.
    virtual task<result<std::optional<session>>> find_live(uuid id, timestamp now) = 0;

    // Writes `audit` when it rotates, and the same event as `refresh_reuse`, failed, when it ends the session.
    virtual task<result<rotation>> rotate(const rotation_request& request, const audit_event& audit) = 0;

    // Ends a session of `account`. Returns whether it was live; ending it twice is no error.
    virtual task<result<bool>> end(uuid account, uuid id, end_reason reason, const audit_event& audit) = 0;

    // Ends another session of the caller's account. errc::not_found: no live one of theirs has that id.
    // errc::invalid_token: the caller's own session has ended.
    virtual task<result<void>> end_one(const principal& by, uuid id, const audit_event& audit) = 0;

    // Ends all sessions of the caller's account but their own; returns their ids. Writes `audit` for each of them, with
    // that session. errc::invalid_token as above.
    virtual task<result<session_ids>> end_others(const principal& by, const audit_event& audit) = 0;

    // The caller has just given their password again: their session's auth_time is the time of `audit`. Returns the
    // session. errc::invalid_token as above.
    virtual task<result<session>> reauthenticate(const principal& by, const audit_event& audit) = 0;

    // The live sessions of an account, the last seen first.
    virtual task<result<std::vector<session>>> list_live(uuid account, timestamp now) = 0;

    // What was revoked at or after `since`.
    virtual task<result<std::vector<revocation>>> revoked_since(timestamp since) = 0;

    // A number that differs from the last one if a session was revoked meanwhile, by whatever process. May be called
    // every 250 ms.
    virtual task<result<std::uint64_t>> change_counter() = 0;

    // Forgets revocations before `revoked_before`, and sessions that ended or expired before `ended_before`.
    virtual task<result<void>> purge(timestamp revoked_before, timestamp ended_before) = 0;
};

}  // namespace userinfo
