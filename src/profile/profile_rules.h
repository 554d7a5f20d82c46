// Validates profile input. Invalid input is rejected; nothing is trimmed or guessed.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "base/result.h"
#include "profile/date.h"
#include "profile/profile.h"

namespace userinfo {

inline constexpr std::size_t longest_username = 64;  // code points
inline constexpr date earliest_birthday{std::chrono::year(1900), std::chrono::January, std::chrono::day(1)};

// The input as received from the client. An empty optional was not sent.
struct profile_input {
    std::optional<std::string> username;
    std::optional<std::string> birthday;  // YYYY-MM-DD; an empty string clears it
    std::optional<std::string> avatar;    // an empty string clears it
};

enum class profile_write { create, update };

// Returns the validated changes, or errc::invalid_argument.
// - username: 1 to `longest_username` code points of UTF-8, normalized to NFC, not blank, without control characters.
// Required to create.
// - birthday: a real date from `earliest_birthday` to `today` (UTC).
// - avatar: an https URL of at most 2,048 bytes, with a host and without user or password.
result<profile_changes> check_profile(const profile_input& input, profile_write write, date today);

}  // namespace userinfo
