// The use cases of accounts: registration, log-in, password change, deletion. What operators do is in
// account_operations.h.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "account/account_store.h"
#include "attempts/attempts.h"
#include "base/call.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/secret_string.h"
#include "base/task.h"
#include "device/device_seal.h"
#include "identity/login_identifier.h"
#include "password/password_policy.h"
#include "password/passwords.h"
#include "session/principal.h"
#include "session/revocations.h"
#include "session/sessions.h"
#include "session/token_grant.h"

namespace userinfo {

struct account_settings {
    identifier_forms identifiers = identifier_forms::email_only;
    password_rules first_passwords = {};  // at registration
    password_rules passwords = {};        // at each password change
    // The minimum response time of a log-in, so that timing does not reveal which check failed.
    std::chrono::milliseconds log_in_floor;
};

// All functions may also return errc::overloaded, errc::unavailable and errc::internal. Functions that take a password
// may also return errc::too_many_attempts. A password is passed as typed and must outlive the task, which leaves no
// copy of it behind. `device`, as for `log_in`, must outlive the task, too. Thread-safe.
class accounts {
public:
    accounts(account_settings settings, account_store& store, attempts& attempts, passwords& passwords,
             sessions& sessions, const device_seal& devices, revocations& revoked, const clock& clock);

    // Creates an account and returns its id. `origin` is "register" or "cli". `operator_name` is the actor of the audit
    // event, "cli:<uid>"; if empty, the new account itself. errc::invalid_argument, errc::already_exists.
    task<result<uuid>> create(const call& call, const std::string& email, std::string_view password,
                              const std::string& origin, const std::string& operator_name = {});

    // `device`: the text that the client's last log-in gave as token_grant::device, or empty. A text that is not ours,
    // or that proves nothing about this account, is as none. errc::invalid_argument. errc::wrong_credentials: unknown
    // account or wrong password, with the same message and response time. errc::account_suspended: only reported after
    // the right password.
    task<result<token_grant>> log_in(const call& call, const std::string& email, std::string_view password,
                                     transport transport, std::string_view device = {});

    // The rules for a password at registration.
    const password_rules& rules_for_first_passwords() const { return settings_.first_passwords; }

    // The rules for a password that replaces another one.
    const password_rules& rules_for_passwords() const { return settings_.passwords; }

    // errc::not_found: the account was deleted meanwhile.
    task<result<account>> find(uuid id);

    // Ends all sessions and replaces the caller's with a new one, so that no earlier token stays valid.
    // errc::invalid_argument, errc::wrong_password.
    task<result<token_grant>> change_password(const call& call, const principal& by, std::string_view current_password,
                                              std::string_view new_password, std::string_view device = {});

    // The caller enters the password again, for operations that need a recent authentication. errc::invalid_argument,
    // errc::wrong_password.
    task<result<token_grant>> reauthenticate(const call& call, const principal& by, std::string_view password,
                                             std::string_view device = {});

    // errc::invalid_argument, errc::wrong_password.
    task<result<void>> remove(const call& call, const principal& by, std::string_view password,
                              std::string_view device = {});

private:
    task<result<token_grant>> try_log_in(const call& call, const std::string& identifier_key, secret_string password,
                                         transport transport, const device_proofs& shown);
    // Why the password did not match, for the audit trail.
    const char* reason_not_right(const call& call, const password_record& known) const;
    audit_event failed_log_in(const call& call, const std::optional<password_record>& known, const char* reason) const;
    task<result<void>> record_taken(const call& call, const std::string& identifier_key,
                                    const std::string& operator_name);
    task<result<token_grant>> open_session(const call& call, const password_record& known, transport transport,
                                           const device_proofs& shown);
    // Records `event` as failed if the password is wrong.
    task<result<password_record>> verify_own_password(const call& call, const principal& by, std::string_view password,
                                                      std::string_view field, audit_event event,
                                                      std::string_view device);
    task<result<secret_string>> check_own_new_password(const principal& by, std::string_view password);
    audit_event audit_by(const call& call, audit_type type, const principal& by) const;
    void strengthen_later(io_executor executor, const password_record& known, secret_string password);

    const account_settings settings_;
    account_store& store_;
    attempts& attempts_;
    passwords& passwords_;
    sessions& sessions_;
    const device_seal& devices_;
    revocations& revoked_;
    const clock& clock_;
};

}  // namespace userinfo
