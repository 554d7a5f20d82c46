// Storage of sessions. Each function is one transaction. The database is authoritative for who is logged in; caches
// only save queries.
//
// The decisions are those of session_rules.h, rotation.h and account/account_rules.h, on rows that the transaction
// locks.
//
// All functions may also return errc::unavailable (the database does not answer) and errc::internal.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "audit/audit_event.h"
#include "base/result.h"
#include "base/task.h"
#include "device/device_rules.h"
#include "session/principal.h"
#include "session/rotation.h"
#include "session/session.h"
#include "session/session_rules.h"

namespace userinfo {

struct revocation {
    uuid session;
    timestamp revoked_at;  // by the clock of the program that ended it
};

struct revocation_view {
    std::chrono::steady_clock::time_point as_of;  // it lacks nothing that was committed before
    std::vector<revocation> revoked;
};

// What the opening of a session did.
struct session_opening {
    session_ids ended;    // to make room
    device_proof device;  // what the client shows from now on
};

class session_store {
public:
    virtual ~session_store() = default;

    // Stores `opened`, and what decide_device says about `device`. Under lock, the account must be active and its
    // credential must still have `verified_version`. Ends the sessions above `per_account` that were unused for
    // longest, each with its own `session_end` event. errc::wrong_credentials: the password has changed or the account
    // is gone. errc::account_suspended.
    virtual task<result<session_opening>> open(const session& opened, std::uint64_t verified_version,
                                               std::size_t per_account, const device_use& device,
                                               const audit_event& audit) = 0;

    // Returns the session if it is live at `now`.
    virtual task<result<std::optional<session>>> find_live(uuid id, timestamp now) = 0;

    // Returns the session with what decides about it, live or not.
    virtual task<result<std::optional<stored_session>>> find(uuid id) = 0;

    // Rotates a refresh token, as decide_rotation says. Writes the rotation_event that comes of `audit`, if any.
    virtual task<result<rotation>> rotate(const rotation_request& request, const audit_event& audit) = 0;

    // Notes that the client has shown an access token of this generation, if is_first_arrival. Returns whether it is.
    virtual task<result<bool>> note_arrival(uuid id, std::uint64_t generation) = 0;

    // Ends a session of `account`. Returns whether it was live. Idempotent.
    virtual task<result<bool>> end(uuid account, uuid id, end_reason reason, const audit_event& audit) = 0;

    // Ends another session of the caller's account. errc::not_found: the account has no live session with that id.
    // errc::invalid_token: the caller's own session has ended.
    virtual task<result<void>> end_one(const principal& by, uuid id, const audit_event& audit) = 0;

    // Ends all other sessions of the caller's account and returns their ids. Writes `audit` for each of them, with that
    // session. Also returns those that their owner has ended at or after `since`: the caller may repeat a call that was
    // committed although it failed. errc::invalid_token as above.
    virtual task<result<session_ids>> end_others(const principal& by, timestamp since, const audit_event& audit) = 0;

    // The caller has just entered the password again: sets the session's auth_time to the time of `audit`. Returns the
    // session. errc::invalid_token as above.
    virtual task<result<session>> reauthenticate(const principal& by, const audit_event& audit) = 0;

    // Returns the live sessions of an account, most recently seen first.
    virtual task<result<std::vector<session>>> list_live(uuid account, timestamp now) = 0;

    // Returns the sessions revoked at or after `since`. Reads nothing else, so it may be called every 250 ms. While
    // nothing changes it may not even read those: then the view is as old as it says, at most 600 ms.
    virtual task<result<revocation_view>> revoked_since(timestamp since) = 0;

    // Deletes revocations before `revoked_before`, and sessions that ended or expired before `ended_before`.
    virtual task<result<void>> purge(timestamp revoked_before, timestamp ended_before) = 0;
};

}  // namespace userinfo
