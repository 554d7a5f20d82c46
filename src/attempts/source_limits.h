// Rate limits by source (base/source.h) or by session: one token bucket for each of them and each action. A standalone
// program counts in memory; a cluster shares its counts.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/task.h"

namespace userinfo {

enum class source_action {
    check_password = 0,
    register_account,
    // Of clients that are logged in:
    refresh,
    write_profile,
    force_read,  // of a profile from the database although it is cached, by Userinfo-Version
    // The same, of a session:
    session_refresh,
    session_write_profile,
    session_force_read,
    // A refresh token of version 1, which only the database can tell from a guess. Each client has such a token once.
    present_first_token,
};

struct source_rate {
    std::size_t per_minute;  // tokens added per minute
    std::size_t burst;       // capacity of the bucket
};

struct source_rates {
    source_rate checks{.per_minute = 30, .burst = 20};
    source_rate registers{.per_minute = 10, .burst = 10};
    source_rate refreshes{.per_minute = 6'000, .burst = 6'000};
    source_rate writes{.per_minute = 12'000, .burst = 12'000};
    source_rate forced_reads{.per_minute = 12'000, .burst = 12'000};
    source_rate session_refreshes{.per_minute = 300, .burst = 300};
    source_rate session_writes{.per_minute = 600, .burst = 600};
    source_rate session_forced_reads{.per_minute = 600, .burst = 600};
    source_rate first_tokens{.per_minute = 600, .burst = 60};

    const source_rate& of(source_action action) const {
        switch (action) {
            case source_action::check_password: return checks;
            case source_action::register_account: return registers;
            case source_action::refresh: return refreshes;
            case source_action::write_profile: return writes;
            case source_action::force_read: return forced_reads;
            case source_action::session_refresh: return session_refreshes;
            case source_action::session_write_profile: return session_writes;
            case source_action::session_force_read: return session_forced_reads;
            case source_action::present_first_token: return first_tokens;
        }
        std::unreachable();
    }
};

inline std::unexpected<error> too_many_attempts(std::chrono::microseconds wait) {
    return std::unexpected(error{.code = errc::too_many_attempts,
                                 .message = "There were too many attempts; try again later.",
                                 .retry_after = std::chrono::ceil<std::chrono::seconds>(wait)});
}

class source_limits {
public:
    virtual ~source_limits() = default;

    // Takes one token. If there is none, returns the time until the next one.
    // `source` is the source's text, or for the actions of a session the session's id.
    virtual task<std::optional<std::chrono::microseconds>> take(source_action action, std::string source) = 0;
};

}  // namespace userinfo
