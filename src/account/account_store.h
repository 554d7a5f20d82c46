// Where accounts and their credentials are kept. Each function is one transaction: all of it happens, or nothing.
//
// Every function may also return errc::unavailable (the database does not answer) and errc::internal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/audit_event.h"
#include "base/result.h"
#include "base/task.h"
#include "identity/account.h"
#include "identity/login_identifier.h"
#include "session/principal.h"
#include "session/session.h"

namespace userinfo {

struct new_account {
    uuid id;
    login_identifier identifier;  // the primary one
    std::string password_hash;    // a PHC string
    std::string origin;           // "register", "cli"
    timestamp created_at;
};

// What a log-in is checked against.
struct password_record {
    uuid account;
    account_status status;
    std::string password_hash;
    std::uint64_t version;       // of the credential: rises with each password
    std::string identifier_key;  // of the identifier it was found by, or the primary one
};

struct password_change {
    principal by;                    // its session must be live, checked in the transaction
    std::uint64_t verified_version;  // of the credential that the current password was checked against
    std::string password_hash;       // the new one
    session successor;               // replaces `by.session`
};

class account_store {
public:
    virtual ~account_store() = default;

    // errc::already_exists: the identifier is taken.
    virtual task<result<void>> create(const new_account& account, const audit_event& audit) = 0;

    virtual task<result<std::optional<account>>> find(uuid id) = 0;

    // By login_identifier::key.
    virtual task<result<std::optional<account>>> find_by_identifier(const std::string& identifier_key) = 0;
    virtual task<result<std::optional<password_record>>> find_password(const std::string& identifier_key) = 0;
    virtual task<result<std::optional<password_record>>> find_password(uuid account) = 0;

    // Accounts that are not deleted, the oldest first, at most `limit`, beginning after `after` (nil: at the start).
    virtual task<result<std::vector<account>>> list(uuid after, std::size_t limit) = 0;

    // The same password under today's parameters. Does nothing if the stored hash is not `old_hash` any more.
    virtual task<result<void>> replace_hash(uuid account, const std::string& old_hash, const std::string& new_hash) = 0;

    // Stores the new hash, raises the epoch, ends all sessions and opens `successor`. Returns the ids of those it
    // ended. errc::invalid_token: `by.session` has ended. errc::wrong_password: the credential has changed since it was
    // verified.
    virtual task<result<session_ids>> change_password(const password_change& change, const audit_event& audit) = 0;

    // Clears email, credentials, profile and sessions; the id stays taken. Returns the sessions it ended.
    // `by` names the caller's session, which must be live, or is nothing for an operator.
    // errc::invalid_token: it has ended. errc::not_found: no such account.
    virtual task<result<session_ids>> remove(uuid account, const std::optional<principal>& by,
                                             const audit_event& audit) = 0;

    // Suspending raises the epoch and ends all sessions, whose ids it returns. Idempotent. errc::not_found: no such
    // account, or deleted.
    virtual task<result<session_ids>> set_status(uuid account, account_status status, const audit_event& audit) = 0;

    // An event with no other change, such as a failed log-in.
    virtual task<result<void>> record(const audit_event& audit) = 0;
};

}  // namespace userinfo
