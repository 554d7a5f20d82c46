// An account: who can log in. What users show of themselves is in the profile (profile/profile.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "base/uuid.h"

namespace userinfo {

// The values are stored in the database.
enum class account_status { active = 0, suspended = 1, deleted = 2 };

inline std::string_view to_string(account_status status) {
    switch (status) {
        case account_status::active: return "active";
        case account_status::suspended: return "suspended";
        case account_status::deleted: return "deleted";
    }
    std::unreachable();
}

// What decides whether the account's sessions are live: it is active, and they are of its epoch.
struct account_standing {
    account_status status = account_status::active;
    std::uint64_t session_epoch = 0;  // rises when all of the account's sessions end at once
};

struct account {
    uuid id;  // random; the `sub` claim of its tokens
    account_status status = account_status::active;
    std::string email;  // as typed at registration, without white space around it
    timestamp created_at;
};

// It was never made, or was deleted.
inline error no_such_account() { return {.code = errc::not_found, .message = "There is no such account."}; }

}  // namespace userinfo
