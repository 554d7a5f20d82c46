// Storage of failed attempts by identifier, whether or not an account exists, and by known device. The counts survive a
// restart.
//
// All functions may also return errc::unavailable (the database does not answer) and errc::internal.
#pragma once

#include "attempts/throttle_rule.h"
#include "audit/audit_event.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/task.h"

namespace userinfo {

// What failures are counted by. The values are stored in the database.
enum class throttle_kind { identifier = 1, device = 2 };

// A MAC of the identifier or the device's id, so the table does not reveal who was tried.
struct throttle_key {
    throttle_kind kind;
    sha256_digest mac;

    bool operator==(const throttle_key&) const = default;
};

class throttle_store {
public:
    virtual ~throttle_store() = default;

    // Returns zero failures for an unknown key.
    virtual task<result<throttle_state>> find(throttle_key key) = 0;

    // Adds one failure at the time of `failed`, and records `failed` in the same transaction. If the next attempt must
    // wait, also records the event as a `throttle`. Returns the new state.
    virtual task<result<throttle_state>> add_failure(throttle_key key, const throttle_rule& rule,
                                                     const audit_event& failed) = 0;

    // Stores what throttle_rule::shortened says at `now`, if it says anything. Returns the state after.
    virtual task<result<throttle_state>> shorten(throttle_key key, const throttle_rule& rule, timestamp now) = 0;

    // Clears the failures.
    virtual task<result<void>> clear(throttle_key key) = 0;

    // The same for an operator, recorded with `audit`. Writes nothing if there are no failures. Returns whether there
    // were any.
    virtual task<result<bool>> unlock(throttle_key key, const audit_event& audit) = 0;

    // Deletes the keys whose last failure and delay are both before `before`. Moves those whose last failure is after
    // `now` to `now`, as throttle_state::moved_to says, so that a later purge deletes them in time.
    virtual task<result<void>> purge(timestamp before, timestamp now) = 0;
};

}  // namespace userinfo
