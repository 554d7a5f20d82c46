// Times in replies: RFC 3339, UTC, to the second.
#pragma once

#include <chrono>
#include <ctime>
#include <string>

namespace userinfo::gateway {

inline std::string to_rfc3339(std::chrono::sys_time<std::chrono::microseconds> time) {
    const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char text[sizeof "0000-00-00T00:00:00Z"];
    const auto size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return {text, size};
}

}  // namespace userinfo::gateway
