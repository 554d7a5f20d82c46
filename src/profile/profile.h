// A user profile: the data that users show of themselves.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/uuid.h"
#include "profile/date.h"

namespace userinfo {

struct profile {
    uuid account;
    std::string username;  // in NFC
    std::optional<date> birthday;
    std::string avatar;  // an https URL, or empty
    std::string email;   // the account's; a change increments the version
};

// A profile at one version. Each write increments the version, also across deletion and re-creation. Version 0 means
// that the profile never existed.
struct versioned_profile {
    std::uint64_t version = 0;
    std::optional<profile> value;  // empty: never created, or deleted
};

// Shared instead of copied, because many readers hold the same entry.
using profile_ptr = std::shared_ptr<const versioned_profile>;

// The fields of a write. An empty optional leaves the field unchanged.
struct profile_changes {
    std::optional<std::string> username;
    std::optional<std::optional<date>> birthday;  // an empty inner optional clears it
    std::optional<std::string> avatar;            // an empty string clears it
};

// Which versions of a profile a write is for. Without a condition it is for any.
struct write_condition {
    std::vector<std::uint64_t> if_versions = {};      // the version must be one of these; empty: it may be any
    std::vector<std::uint64_t> unless_versions = {};  // the version must be none of these
};

}  // namespace userinfo
