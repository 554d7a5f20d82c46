// A profile: what a person shows of themselves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/uuid.h"
#include "profile/date.h"

namespace userinfo {

struct profile {
    uuid account;
    std::string username;  // 1 to 64 code points, NFC
    std::optional<date> birthday;
    std::string avatar;  // an https URL, or empty
    std::string email;   // of the account; a change of it raises the version
};

// A profile as it was at one version. Versions grow by one with each write, on across delete and re-create; version 0
// means that there never was one.
struct versioned_profile {
    std::uint64_t version = 0;
    std::optional<profile> value;  // nothing: absent or deleted
};

// The fields of a write. What is nothing stays as it is.
struct profile_changes {
    std::optional<std::string> username;
    std::optional<std::optional<date>> birthday;  // an inner nothing clears it
    std::optional<std::string> avatar;            // empty clears it
};

}  // namespace userinfo
