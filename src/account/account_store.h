// Storage of accounts and their credentials. Each function is one transaction.
//
// All functions may also return errc::unavailable (the database does not answer) and errc::internal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/audit_event.h"
#include "base/result.h"
#include "base/task.h"
#include "device/device.h"
#include "identity/account.h"
#include "identity/login_identifier.h"
#include "session/principal.h"
#include "session/session.h"

namespace userinfo {

struct new_account {
    uuid id;
    login_identifier identifier;  // the primary identifier
    std::string password_hash;    // a PHC string
    std::string origin;           // "register", "cli"
    timestamp created_at;
};

// What a log-in attempt is checked against.
struct password_record {
    uuid account;
    account_status status;
    std::string password_hash;
    std::uint64_t version;            // of the credential; incremented with each new password
    std::string identifier_key;       // the identifier of the look-up, or the primary one
    std::optional<uuid> device = {};  // the account's device that the client proved to be, if any
};

struct password_change {
    principal by;                    // its session must be live, which the transaction checks
    std::uint64_t verified_version;  // of the credential that matched the current password
    std::string password_hash;       // the new one
    session successor;               // replaces `by.session`
};

// How some of the passwords are hashed.
struct hash_kinds {
    std::vector<std::string> beginnings;  // of their PHC strings, up to the parameters; each once
    std::uint64_t last = 0;               // the highest id of their credentials; 0: there are none
};

class account_store {
public:
    virtual ~account_store() = default;

    // errc::already_exists: the identifier is in use.
    virtual task<result<void>> create(const new_account& account, const audit_event& audit) = 0;

    virtual task<result<std::optional<account>>> find(uuid id) = 0;

    // Finds by login_identifier::key.
    virtual task<result<std::optional<account>>> find_by_identifier(const std::string& identifier_key) = 0;

    // Find the password, and the device by the rule is_current, in one query: the same one whatever was shown and
    // whether there is such an account or not.
    virtual task<result<std::optional<password_record>>> find_password(const std::string& identifier_key,
                                                                       const device_proofs& shown) = 0;
    virtual task<result<std::optional<password_record>>> find_password(uuid account, const device_proofs& shown) = 0;

    // Returns accounts that are not deleted, oldest first, at most `limit`, after the account `after` (nil: from the
    // start).
    virtual task<result<std::vector<account>>> list(uuid after, std::size_t limit) = 0;

    // Looks at the passwords of at most `limit` credentials, in the order of their ids, after the one with id `after`.
    // What is no PHC string has its first bytes as its beginning.
    virtual task<result<hash_kinds>> list_hash_kinds(std::uint64_t after, std::size_t limit) = 0;

    // Stores the same password hashed with the current parameters. Does nothing if the stored hash is no longer
    // `old_hash`.
    virtual task<result<void>> replace_hash(uuid account, const std::string& old_hash, const std::string& new_hash) = 0;

    // Stores the new hash, increments the epoch, ends all sessions and opens `successor`. Returns the ids of the ended
    // sessions. errc::invalid_token: `by.session` has ended. errc::wrong_password: the credential has changed since it
    // was verified.
    virtual task<result<session_ids>> change_password(const password_change& change, const audit_event& audit) = 0;

    // Deletes email, credentials, profile, sessions and devices. The id is never reused. Returns the ids of the ended
    // sessions. `by` is the caller, whose session must be live; empty for an operator. errc::invalid_token: that
    // session has ended. errc::not_found: no such account.
    virtual task<result<session_ids>> remove(uuid account, const std::optional<principal>& by,
                                             const audit_event& audit) = 0;

    // Suspends or restores an account. Suspending increments the epoch and ends all sessions; returns their ids.
    // Idempotent. errc::not_found: no such account, or it is deleted.
    virtual task<result<session_ids>> set_status(uuid account, account_status status, const audit_event& audit) = 0;

    // Records an event without another change, such as a failed log-in.
    virtual task<result<void>> record(const audit_event& audit) = 0;
};

}  // namespace userinfo
