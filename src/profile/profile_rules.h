// What a profile may hold. Input that breaks a rule is refused; nothing is trimmed or guessed.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "profile/date.h"
#include "profile/profile.h"

namespace userinfo {

// As it came from the client. What is nothing was not sent.
struct profile_input {
    std::optional<std::string> username;
    std::optional<std::string> birthday;  // YYYY-MM-DD; empty clears it
    std::optional<std::string> avatar;    // empty clears it
};

enum class profile_write { create, update };

// The changes that `input` asks for, or errc::invalid_argument.
// - username: 1 to 64 code points of UTF-8 in NFC (it is normalized), not blank, no control characters; needed to
// create.
// - birthday: a real date, 1900-01-01 to `today` (UTC).
// - avatar: an https URL of at most 2,048 bytes, with a host and without user or password.
result<profile_changes> check_profile(const profile_input& input, profile_write write, date today);

}  // namespace userinfo
