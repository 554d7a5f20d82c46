// Sessions as a store keeps them, for the tests of rules.
#pragma once

#include "session/session_rules.h"

namespace userinfo::test {

inline constexpr timestamp opening_time{std::chrono::sys_days(std::chrono::year(2030) / 1 / 1)};

// A live one: of epoch 3, opened at `opening_time`, idle for at most an hour, for a day at most.
inline stored_session open_session(const uuid& account) {
    return {.value = {.id = uuid::random(),
                      .account = account,
                      .generation = 7,
                      .client = "web",
                      .amr = "pwd",
                      .device = "a browser",
                      .address = "192.0.2.1",
                      .last_address = "192.0.2.1",
                      .auth_time = opening_time,
                      .created_at = opening_time,
                      .last_seen_at = opening_time,
                      .idle_expires_at = opening_time + std::chrono::hours(1),
                      .absolute_expires_at = opening_time + std::chrono::days(1)},
            .epoch = 3,
            .account = {.status = account_status::active, .session_epoch = 3}};
}

inline principal owner_of(const stored_session& session) {
    return {.account = session.value.account,
            .session = session.value.id,
            .client = "web",
            .auth_time = session.value.auth_time,
            .amr = {"pwd"}};
}

}  // namespace userinfo::test
