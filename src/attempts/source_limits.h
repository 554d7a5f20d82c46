// How often one source (base/source.h) may try: a token bucket for each source and action. In memory here; a cluster
// counts together.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "base/task.h"

namespace userinfo {

enum class source_action { check_password, register_account };

struct source_rate {
    std::size_t per_minute;  // what flows into the bucket
    std::size_t burst;       // what it holds at most
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

    // Takes one from the bucket. If it is empty: after how long there is one.
    virtual task<std::optional<std::chrono::microseconds>> take(source_action action, std::string source) = 0;
};

}  // namespace userinfo
