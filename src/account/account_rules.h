// What an account's rows decide: whether a log-in opens a session, and whether a change of the account happens.
//
// Plain functions without I/O. A store calls them inside its transaction, on rows that it has locked.
#pragma once

#include <cstdint>
#include <optional>

#include "account/account_store.h"
#include "base/clock.h"
#include "base/result.h"
#include "identity/account.h"
#include "session/principal.h"
#include "session/session_rules.h"

namespace userinfo {

// Of a failed log-in. It does not say whether there is such an account.
error wrong_credentials();

// Only for a caller who gave the right password.
error account_suspended();

// The identifier belongs to another account.
error email_taken();

// Whether a session may be opened after a password was verified. `account`: nothing if there is none.
// `password_version`: of its credential now, or nothing if it has none; `verified_version`: of the one that was
// verified. errc::wrong_credentials: the account is gone, or its password has changed; errc::account_suspended.
result<void> check_log_in(const std::optional<account_standing>& account, std::optional<std::uint64_t> password_version,
                          std::uint64_t verified_version);

// Whether a change of password happens. `own` is the caller's session, or nothing if there is none; `password_version`
// as above. errc::invalid_token: the session is not live. errc::wrong_password: the password has changed since it was
// verified.
result<void> check_password_change(const std::optional<stored_session>& own,
                                   std::optional<std::uint64_t> password_version, const password_change& change,
                                   timestamp now);

// Whether an account is deleted by its owner. errc::invalid_token: the caller's session is not live.
// errc::not_found: there is no such account, or it is deleted already.
result<void> check_removal(const std::optional<account_standing>& account, const std::optional<stored_session>& own,
                           const principal& by, timestamp now);

// Whether an operator may change or delete an account. errc::not_found, as above.
result<void> check_exists(const std::optional<account_standing>& account);

enum class status_change {
    none,     // the account has that status already
    restore,  // the status changes, and nothing else
    suspend,  // the status changes, the epoch rises, and all sessions end
};

// What an operator's new status for an account does. errc::not_found, as above. errc::invalid_argument: deletion is no
// status that an operator sets: see account_store::remove.
result<status_change> decide_status_change(const std::optional<account_standing>& account, account_status wanted);

}  // namespace userinfo
