// What a refresh token proves while it is only shown: proxies and back ends ask who is calling, and their answer cannot
// carry new tokens. Nothing is renewed.
//
// A plain function without I/O. It reads what a refresh would decide (session/rotation.h), so that both judge alike.
#pragma once

#include <chrono>
#include <optional>

#include "session/rotation.h"
#include "session/session_rules.h"

namespace userinfo {

// How long a refresh token proves who is calling after its access token has expired. Then the client must refresh.
inline constexpr std::chrono::hours unrenewed_time{1};

enum class refresh_standing {
    current,     // a refresh would give the client its next tokens
    unrenewed,   // the same, but its access token expired longer than unrenewed_time ago
    superseded,  // a newer token has replaced it just now; the session goes on
    reused,      // a refresh would end the session
    ended,       // no such session, it is not live, or the token is newer than the database knows
};

// `shown` is the refresh that is not made. The newest access token of a session expires `access_lifetime` after its
// last refresh or, if that was later, after its user last entered the password.
refresh_standing standing_of_refresh(const std::optional<stored_session>& found, const rotation_request& shown,
                                     std::chrono::seconds access_lifetime);

}  // namespace userinfo
