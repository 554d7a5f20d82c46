#include "base/rfc3339.h"

#include <fmt/chrono.h>

namespace userinfo {

std::string to_rfc3339(timestamp time) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(time));
}

std::string to_rfc3339_micros(timestamp time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", seconds, (time - seconds).count());
}

}  // namespace userinfo
