// An account: who can log in. What users show of themselves is in the profile (profile/profile.h).
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
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

struct account {
    uuid id;  // random; the `sub` claim of its tokens
    account_status status = account_status::active;
    std::string email;  // as typed at registration
    timestamp created_at;
};

}  // namespace userinfo
