// What a parsed JSON document hides: that a member was there twice, of which it keeps the last.
#pragma once

#include <string_view>

namespace userinfo {

// Whether an object in `json`, the outermost or a nested one, has two members of one name. False for what is no JSON.
bool has_repeated_member(std::string_view json);

}  // namespace userinfo
