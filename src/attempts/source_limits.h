// Rate limits by source (base/source.h): one token bucket for each source and action. A standalone program counts in
// memory; a cluster shares its counts.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "base/task.h"

namespace userinfo {

enum class source_action { check_password, register_account };

struct source_rate {
    std::size_t per_minute;  // tokens added per minute
    std::size_t burst;       // capacity of the bucket
};

struct source_rates {
    source_rate checks{.per_minute = 30, .burst = 20};
    source_rate registers{.per_minute = 10, .burst = 10};

    const source_rate& of(source_action action) const {
        return action == source_action::check_password ? checks : registers;
    }
};

class source_limits {
public:
    virtual ~source_limits() = default;

    // Takes one token. If there is none, returns the time until the next one.
    virtual task<std::optional<std::chrono::microseconds>> take(source_action action, std::string source) = 0;
};

}  // namespace userinfo
