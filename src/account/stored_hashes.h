// Follows with which parameters the stored passwords are hashed. A hash with other parameters than the current ones
// takes another time to verify, and the time of a log-in must not tell which accounts have one.
#pragma once

#include <chrono>

#include "account/account_store.h"
#include "base/result.h"
#include "base/task.h"
#include "password/passwords.h"

namespace userinfo {

class stored_hashes {
public:
    // Both must outlive it.
    stored_hashes(account_store& store, passwords& passwords) : store_(store), passwords_(passwords) {}

    // Looks through all stored hashes, and lets the passwords learn their parameters. Returns the errors of the store
    // and of passwords::learn.
    task<result<void>> look();

    // Looks again every hour, without end. Run it in the background. Logs an error and retries after an hour.
    task<void> follow();

private:
    account_store& store_;
    passwords& passwords_;
};

}  // namespace userinfo
