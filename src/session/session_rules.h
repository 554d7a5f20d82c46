// What a session's row decides: whether it is live, who may end it, and which sessions end so that one more fits.
//
// Plain functions without I/O. A store calls them inside its transaction, on rows that it has locked.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/uuid.h"
#include "identity/account.h"
#include "session/principal.h"
#include "session/session.h"

namespace userinfo {

// A session as a store keeps it, with what its account says about it.
struct stored_session {
    session value;
    std::optional<timestamp> rotated_at = {};  // of the last rotation; nothing: there was none
    bool tells_generation = false;             // whether the access tokens of the current generation have `gen`
    std::optional<timestamp> arrived_at = {};  // when the client first showed value.arrived; nothing: it did not yet
    std::uint64_t late_repeats = 0;  // how often the predecessor came more than rotation_grace after rotated_at
    bool ended = false;
    std::uint64_t epoch = 0;        // the account's when the session was opened
    account_standing account = {};  // as it is now

    // Not ended, not expired, of the account's current epoch, and the account is active.
    bool is_live(timestamp now) const;
};

// Whether the caller may still act: `own` is the session `by.session`, or nothing if there is none.
// errc::invalid_token: it is not live, or not of the caller's account.
result<void> check_own_session(const std::optional<stored_session>& own, const principal& by, timestamp now);

// Whether the caller may end `other`. errc::not_found: it is not a live session of the caller's account.
result<void> check_other_session(const std::optional<stored_session>& other, const principal& by, timestamp now);

// Whether a password that was given at `auth_time` is at most `greatest_age` old, in whole seconds, as access tokens
// have them. One from the future, as after a clock was set back, is not, except for the skew between two services.
bool is_recent(timestamp auth_time, timestamp now, std::chrono::seconds greatest_age);

// Whether a log-out ends `found`: it must be a session of `account` that has not ended. It may have expired.
bool may_log_out(const std::optional<stored_session>& found, const uuid& account);

// The sessions that end so that one more fits: those unused for longest, by their last refresh. At least
// the one more always fits.
// `live`: the account's live sessions, in the order in which they were opened.
session_ids surplus_sessions(const std::vector<session>& live, std::size_t per_account);

}  // namespace userinfo
