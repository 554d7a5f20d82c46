// The JSON form of a profile in Redis:
//
//     {"version":3,"profile":{"username":"Anna","birthday":"2000-02-29","avatar":"","email":"anna@example.org"}}
//     {"version":4,"absent":true}
//
// The version comes first, because the script that compares versions reads no further.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/uuid.h"
#include "profile/profile.h"

namespace userinfo::redis {

std::string to_json(const versioned_profile& profile);

// Returns nothing if `text` does not have this form.
std::optional<versioned_profile> parse_profile_json(std::string_view text, const uuid& account);

}  // namespace userinfo::redis
