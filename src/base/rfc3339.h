// Times as clients, operators and the audit trail read them: RFC 3339 in UTC.
#pragma once

#include <string>

#include "base/clock.h"

namespace userinfo {

// "2026-11-22T15:59:39Z". A fraction is cut off.
std::string to_rfc3339(timestamp time);

// "2026-11-22T15:59:39.000042Z".
std::string to_rfc3339_micros(timestamp time);

}  // namespace userinfo
