// Calendar dates as text, YYYY-MM-DD (RFC 3339 full-date), for clients and the database.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace userinfo {

using date = std::chrono::year_month_day;

std::string to_string(date day);

// Returns nothing unless `text` is the canonical form of a real date in the years 0000 to 9999.
std::optional<date> parse_date(std::string_view text);

}  // namespace userinfo
