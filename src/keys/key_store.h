// Storage of the program's own keys, sealed under the master key. A key starts as next or active, then becomes retiring
// and gone. If several programs attempt the same step at once, one of them wins.
//
// Each function is one transaction, which also writes its audit events with the kid as the reason. All functions may
// return errc::unavailable (the database does not answer) and errc::internal; then nothing was changed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"

namespace userinfo {

// The values are stored in the database.
enum class key_purpose { access = 1, refresh = 2, internal = 3 };
enum class key_state {
    next = 1,  // published, signs from `not_before` on
    active,    // signs; one for each purpose
    retiring,  // verifies until `verify_until`
    gone,      // unusable; its private part is destroyed
};

struct stored_key {
    std::string kid;
    key_purpose purpose;
    key_state state;
    std::string public_jwk;      // JSON; empty for a symmetric key
    std::string sealed;          // the private part; empty once the key is gone
    std::string sealing_key_id;  // id of the master key that sealed it
    timestamp not_before;
    std::optional<timestamp> sign_until;
    std::optional<timestamp> verify_until;
    timestamp created_at;

    friend bool operator==(const stored_key&, const stored_key&) = default;
};

// A resealed private part.
struct resealed_key {
    std::string kid;
    std::string before;  // `sealed`, as read
    std::string after;
};

// Who takes a step and when, for the audit events.
struct key_step {
    std::string actor;
    timestamp at;
};

class key_store {
public:
    virtual ~key_store() = default;

    // All keys, including gone ones, oldest first.
    virtual task<result<std::vector<stored_key>>> list() = 0;

    // The keys that are not gone, oldest first. They stay few, however often keys are rotated, so this may be called
    // every second. A database may still have to look at every key for it, including gone ones.
    virtual task<result<std::vector<stored_key>>> list_live() = 0;

    // Adds all keys or none. errc::already_exists: a next or active key of that purpose exists, for example because
    // another program was faster.
    virtual task<result<void>> add(const std::vector<stored_key>& keys, const key_step& step) = 0;

    // Activates a next key that is due by `step.at`. The previously active key retires: it stops signing and verifies
    // until `verify_until`. Returns false if the key is not next or not due.
    virtual task<result<bool>> activate(const std::string& kid, timestamp verify_until, const key_step& step) = 0;

    // Makes a retiring key gone if its `verify_until` has passed by `step.at`. Returns false if it is not retiring or
    // not due.
    virtual task<result<bool>> destroy(const std::string& kid, const key_step& step) = 0;

    // Makes a key gone immediately. If it was active, `successor` becomes active. Returns whether `successor` was used.
    // errc::not_found: no such key, or it is gone already.
    virtual task<result<bool>> revoke(const std::string& kid, const stored_key& successor, const key_step& step) = 0;

    // Replaces the private parts of all keys that are not gone. `sealing_key_id` is the new master key and the event's
    // reason. errc::version_mismatch: the keys no longer match `keys`; nothing was changed.
    virtual task<result<void>> reseal(const std::vector<resealed_key>& keys, const std::string& sealing_key_id,
                                      const key_step& step) = 0;
};

}  // namespace userinfo
