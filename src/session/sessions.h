// The use cases of sessions: log-in creates them, refresh tokens renew them, owners list and end them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/single_flight.h"
#include "base/task.h"
#include "device/device.h"
#include "session/principal.h"
#include "session/revocations.h"
#include "session/session.h"
#include "session/session_store.h"
#include "session/token_grant.h"
#include "tokens/access_token.h"
#include "tokens/refresh_token.h"

namespace userinfo {

// A back end uses its token for the request at hand. Who verifies by himself learns at its expiry that the session has
// ended.
inline constexpr std::chrono::minutes longest_back_end_token{5};

// All functions may also return errc::unavailable and errc::internal. Thread-safe.
class sessions {
public:
    sessions(session_settings settings, session_store& store, revocations& revoked, access_tokens& access,
             const refresh_tokens& refresh, const clock& clock);

    // Returns a new session for a user who has just entered a password. Does not store it.
    session begin(const call& call, uuid account, transport transport) const;

    // Returns a new session that replaces the caller's own on the same device, with new tokens. Does not store it.
    // errc::invalid_token: the caller's session has ended.
    task<result<session>> begin_successor(const call& call, const principal& by) const;

    // What a log-in gives to its client.
    struct opened {
        token_grant grant;
        device_proof device;
    };

    // Stores the session and returns its tokens. `shown`: the client's proof for this account, if it has one. Errors as
    // for session_store::open.
    task<result<opened>> open(const call& call, session begun, std::uint64_t verified_version,
                              const std::optional<device_proof>& shown);

    // Returns tokens for a stored session.
    token_grant grant(const session& session) const;

    // The caller has just entered the password again. Returns an access token that proves it. errc::invalid_token: the
    // caller's session has ended.
    task<result<token_grant>> reauthenticate(const call& call, const principal& by);

    // Parses a refresh token. Returns nothing if it is not ours, as far as that can be told without the database.
    std::optional<refresh_token> recognize(const std::string& text) const;

    // Rotates the refresh token. errc::invalid_token: not genuine, from a session with another transport, or the
    // session has ended.
    task<result<token_grant>> refresh(const call& call, const std::string& token, transport transport);

    // Tells whose a refresh token of a cookie session is, without renewing anything. errc::invalid_token: as for
    // `refresh`, or it is of version 1, which only a query tells from a guess. A token that a refresh would take for
    // stolen ends its session here, too. errc::token_expired: unrenewed for too long (session/refresh_check.h).
    task<result<principal>> identify(const call& call, const std::string& token);

    // A token that tells a back end who `caller` is, for at most longest_back_end_token. Empty if back ends get none.
    std::string token_for_back_end(const principal& caller) const;

    // Ends the sessions of the access token and of the refresh token. Either token may be empty, expired or unknown.
    task<result<void>> log_out(const call& call, const std::string& refresh_token);

    // Errors as for the functions of session_store with these names.
    task<result<void>> end_one(const call& call, const principal& by, uuid id);
    task<result<void>> end_others(const call& call, const principal& by);
    task<result<std::vector<session>>> list(const principal& by);

private:
    rotation_request rotation_by(const call& call, const refresh_token& token) const;
    task<result<rotation>> rotate(const call& call, const rotation_request& request, const uuid& account,
                                  const std::string& text);
    task<result<void>> end(const call& call, uuid account, uuid id);
    task<result<void>> log_out_by_refresh_token(const call& call, const std::string& text);
    audit_event audit(const call& call, audit_type type, uuid account, uuid session) const;

    const session_settings settings_;
    session_store& store_;
    revocations& revoked_;
    access_tokens& access_;
    const refresh_tokens& refresh_;
    const clock& clock_;
    single_flight<std::string, result<rotation>> rotating_;
    single_flight<std::string, result<std::optional<stored_session>>> finding_;
};

}  // namespace userinfo
