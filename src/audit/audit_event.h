// A record of a security event, written in the same transaction as the event itself. It outlives the account, and
// contains no secrets and no typed identifiers.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/call.h"
#include "base/clock.h"
#include "base/sha256.h"
#include "base/uuid.h"

namespace userinfo {

enum class audit_type {
    register_account = 1,
    log_in,
    log_out,
    refresh,
    refresh_reuse,
    password_change,
    session_end,
    suspend,
    restore,
    delete_account,
    reauthenticate,
    throttle,
    unlock,
    device_forget,
    key_created,
    key_activated,
    key_retired,
    key_destroyed,
    key_revoked,
    keys_rewrapped,
    relaxed_mode,
    refresh_repeated,
};

inline std::string_view to_string(audit_type type) {
    switch (type) {
        case audit_type::register_account: return "register";
        case audit_type::log_in: return "log_in";
        case audit_type::log_out: return "log_out";
        case audit_type::refresh: return "refresh";
        case audit_type::refresh_reuse: return "refresh_reuse";
        case audit_type::password_change: return "password_change";
        case audit_type::session_end: return "session_end";
        case audit_type::suspend: return "suspend";
        case audit_type::restore: return "restore";
        case audit_type::delete_account: return "delete_account";
        case audit_type::reauthenticate: return "reauthenticate";
        case audit_type::throttle: return "throttle";
        case audit_type::unlock: return "unlock";
        case audit_type::device_forget: return "device_forget";
        case audit_type::key_created: return "key_created";
        case audit_type::key_activated: return "key_activated";
        case audit_type::key_retired: return "key_retired";
        case audit_type::key_destroyed: return "key_destroyed";
        case audit_type::key_revoked: return "key_revoked";
        case audit_type::keys_rewrapped: return "keys_rewrapped";
        case audit_type::relaxed_mode: return "relaxed_mode";
        case audit_type::refresh_repeated: return "refresh_repeated";
    }
    std::unreachable();
}

// All types.
std::span<const audit_type> audit_types();

// Returns nothing if no type has this name.
std::optional<audit_type> parse_audit_type(std::string_view name);

struct audit_event {
    audit_type type;
    bool succeeded = true;
    timestamp at;
    std::string actor = {};            // a public id, "cli:<uid>", or empty if unknown
    std::optional<uuid> subject = {};  // the account that the event is about
    std::string session = {};          // the log_label of the session's id, or empty
    std::string reason = {};           // one internal word such as "wrong_password"; the kid for key events
    std::string address = {};
    std::string user_agent = {};
    std::string request_id = {};
};

// An event of `call`, by and about the account `subject`.
inline audit_event audit_of(const call& call, audit_type type, timestamp at, std::optional<uuid> subject = {}) {
    return {.type = type,
            .at = at,
            .actor = subject ? subject->to_string() : std::string(),
            .subject = subject,
            .address = call.address,
            .user_agent = call.user_agent,
            .request_id = call.request_id};
}

}  // namespace userinfo
