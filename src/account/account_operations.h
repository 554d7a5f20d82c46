// What operators do to other people's accounts: find, list, suspend, restore, unlock, delete. The command line calls
// it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "account/account_store.h"
#include "attempts/attempts.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "base/uuid.h"
#include "identity/account.h"
#include "session/revocations.h"

namespace userinfo {

// `actor` is the operator in the audit event, "cli:<uid>". Functions that name an account return errc::not_found if
// there is none; all may also return errc::unavailable and errc::internal. A change that ends sessions returns when
// they are refused everywhere. Thread-safe.
class account_operations {
public:
    // All must outlive it.
    account_operations(account_store& store, attempts& attempts, revocations& revoked, const clock& clock);

    // `who` is an account id, an email address or a legacy identifier, with any white space around it.
    // errc::invalid_argument: none of these.
    task<result<account>> find(const std::string& who);

    // As account_store::list.
    task<result<std::vector<account>>> list(uuid after, std::size_t limit);

    // Suspending ends all sessions. Idempotent. To delete, use `remove`.
    task<result<void>> set_status(uuid id, account_status status, const std::string& actor);

    // Lifts the delay after failed log-ins. Returns whether there were any.
    task<result<bool>> unlock(uuid id, const std::string& actor);

    // Deletes the account, its profile and its sessions.
    task<result<void>> remove(uuid id, const std::string& actor);

private:
    task<result<void>> announce(uuid id, result<session_ids> ended);

    account_store& store_;
    attempts& attempts_;
    revocations& revoked_;
    const clock& clock_;
};

}  // namespace userinfo
