// Where the program's own keys are kept, private parts sealed under the master key.
//
// Every function may return errc::unavailable (the database does not answer) and errc::internal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "account/audit_event.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"

namespace userinfo {

// The numbers are stored.
enum class key_purpose { access = 1, refresh = 2, internal = 3 };
enum class key_state { next = 1, active = 2, retiring = 3, gone = 4 };

struct stored_key {
    std::string kid;
    key_purpose purpose;
    key_state state;
    std::string public_jwk;      // JSON; empty for a symmetric key
    std::string sealed;          // the private part
    std::string sealing_key_id;  // of the master key that sealed it
    timestamp not_before;
    std::optional<timestamp> sign_until;
    std::optional<timestamp> verify_until;
};

class key_store {
public:
    virtual ~key_store() = default;

    // All keys that are not gone.
    virtual task<result<std::vector<stored_key>>> list() = 0;

    // errc::already_exists: there is an active key of that purpose (two programs started at once; the other one won).
    virtual task<result<void>> add(const stored_key& key, const audit_event& audit) = 0;
};

}  // namespace userinfo
