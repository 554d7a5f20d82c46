// Parses times as operators type them.
#pragma once

#include <string_view>

#include "base/clock.h"

namespace userinfo::programs {

// Parses an RFC 3339 time ("2026-11-22T15:59:39.5Z", "2026-11-22T16:59:39+01:00") or a duration before `now` ("24h", up
// to 3650d). Throws std::invalid_argument that says what was expected.
timestamp read_time(std::string_view text, timestamp now);

}  // namespace userinfo::programs
