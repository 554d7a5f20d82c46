// Where failed attempts are counted by the identifier that they were made with, whether such an account exists or not.
// They outlive a restart.
//
// Every function may also return errc::unavailable (the database does not answer) and errc::internal.
#pragma once

#include <chrono>
#include <cstddef>

#include "audit/audit_event.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/task.h"

namespace userinfo {

// A MAC of the identifier: the table does not tell who was tried.
using throttle_key = sha256_digest;

struct throttle_state {
    std::size_t failures = 0;  // since the last success
    timestamp blocked_until{};
};

// How long to wait after so many failures: a delay, never a lock.
struct throttle_rule {
    std::size_t free_failures = 5;
    std::chrono::seconds first_delay = std::chrono::seconds(1);  // it doubles with each failure, up to
    std::chrono::seconds longest_delay = std::chrono::hours(1);

    std::chrono::seconds delay_after(std::size_t failures) const;
};

class throttle_store {
public:
    virtual ~throttle_store() = default;

    // No failures for a key that is not known.
    virtual task<result<throttle_state>> find(throttle_key key) = 0;

    // One more failure, at the time of `failed`, which is recorded in the same transaction; if the next attempt has to
    // wait, the same event as `throttle`, too. Returns the state from now on.
    virtual task<result<throttle_state>> add_failure(throttle_key key, const throttle_rule& rule,
                                                     const audit_event& failed) = 0;

    // Forgets the failures.
    virtual task<result<void>> clear(throttle_key key) = 0;

    // The same by an operator, with its record; nothing is written if there are none. Returns whether there were any.
    virtual task<result<bool>> unlock(throttle_key key, const audit_event& audit) = 0;

    // Forgets the keys whose last failure and whose delay are before `before`.
    virtual task<result<void>> purge(timestamp before) = 0;
};

}  // namespace userinfo
