// A session: one log-in on one device. Refresh tokens renew its access tokens until it ends.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/uuid.h"
#include "session/transport.h"

namespace userinfo {

// The values are stored in the database.
enum class end_reason { log_out = 1, ended_by_owner, password_change, refresh_reuse, too_many, suspended, deleted };

struct session_limits {
    std::chrono::seconds idle = std::chrono::days(14);      // since the last refresh
    std::chrono::seconds absolute = std::chrono::days(30);  // since log-in; refreshing does not extend it
    std::size_t per_account = 50;                           // one more ends the one unused for longest
};

struct session_settings {
    session_limits limits = {};
    std::chrono::seconds access_lifetime = std::chrono::minutes(15);  // of an access token
    std::string client = "userinfo";                                  // RFC 9068 `client_id`
    std::string back_end_audience = {};  // `aud` of tokens for back ends; empty: they get none
};

// The input of a refresh token's MAC that only the database knows.
using session_nonce = std::array<std::uint8_t, 16>;

struct session {
    uuid id;
    uuid account;
    session_nonce nonce{};
    std::uint64_t generation = 1;  // of the current refresh token
    std::uint64_t arrived = 1;     // the newest generation that the client is known to have; the first needs no proof
    userinfo::transport transport = transport::cookie;
    std::string client;
    std::string amr;  // comma-separated RFC 8176 values
    std::string device;
    std::string address;       // of the log-in
    std::string last_address;  // of the last refresh
    timestamp auth_time;
    timestamp created_at;
    timestamp last_seen_at;  // log-in or last refresh
    timestamp idle_expires_at;
    timestamp absolute_expires_at;

    timestamp expires_at() const { return std::min(idle_expires_at, absolute_expires_at); }
};

using session_ids = std::vector<uuid>;

// The caller's own session is not live.
inline error session_ended() {
    return {.code = errc::invalid_token, .message = "The session has ended; log in again."};
}

// The caller has no live session of that id.
inline error no_such_session() { return {.code = errc::not_found, .message = "There is no such session."}; }

}  // namespace userinfo
