// Where the program's own keys are kept, private parts sealed under the master key. A key is first next or active, then
// active, retiring and gone; the store lets several programs take a step at once, of which one wins.
//
// Every function is one transaction, and writes the audit events of what it did in it, with the kid as their reason.
// Every function may return errc::unavailable (the database does not answer) and errc::internal; then nothing was done.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"

namespace userinfo {

// The numbers are stored.
enum class key_purpose { access = 1, refresh = 2, internal = 3 };
enum class key_state {
    next = 1,  // known to all, signs from `not_before` on
    active,    // signs; one of each purpose
    retiring,  // verifies until `verify_until`
    gone,      // does nothing, and its private part is destroyed
};

struct stored_key {
    std::string kid;
    key_purpose purpose;
    key_state state;
    std::string public_jwk;      // JSON; empty for a symmetric key
    std::string sealed;          // the private part; empty once it is gone
    std::string sealing_key_id;  // of the master key that sealed it
    timestamp not_before;
    std::optional<timestamp> sign_until;
    std::optional<timestamp> verify_until;
    timestamp created_at;

    friend bool operator==(const stored_key&, const stored_key&) = default;
};

// A private part sealed anew.
struct resealed_key {
    std::string kid;
    std::string before;  // `sealed`, as it was read
    std::string after;
};

// For the audit: who takes a step, and when.
struct key_step {
    std::string actor;
    timestamp at;
};

class key_store {
public:
    virtual ~key_store() = default;

    // All keys that ever were, the oldest first.
    virtual task<result<std::vector<stored_key>>> list() = 0;

    // Adds all or none. errc::already_exists: there is a key of that purpose in that state, next or active (two
    // programs did it at once; the other one won).
    virtual task<result<void>> add(const std::vector<stored_key>& keys, const key_step& step) = 0;

    // A next key whose time has come by `step.at` becomes active; the one that was retires, signs no more, and verifies
    // until `verify_until`. False: it is not next, or not yet.
    virtual task<result<bool>> activate(const std::string& kid, timestamp verify_until, const key_step& step) = 0;

    // A retiring key whose `verify_until` has passed by `step.at` is gone. False: it is not retiring, or not yet.
    virtual task<result<bool>> destroy(const std::string& kid, const key_step& step) = 0;

    // A key is gone at once; if it was active, `successor` becomes so. Returns whether it did. errc::not_found: there
    // is no such key, or it is gone already.
    virtual task<result<bool>> revoke(const std::string& kid, const stored_key& successor, const key_step& step) = 0;

    // Replaces the private parts of all keys that are not gone, sealed by the master key `sealing_key_id`, which is the
    // event's reason. errc::version_mismatch: the keys are not what they were in `keys`; nothing was done.
    virtual task<result<void>> reseal(const std::vector<resealed_key>& keys, const std::string& sealing_key_id,
                                      const key_step& step) = 0;
};

}  // namespace userinfo
