// What a use case returns: its value, or an error that the caller can act upon.
//
// Input and the world outside fail with an `error`; a broken configuration or a failed start throws; a bug terminates.
#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <utility>

namespace userinfo {

// Why a use case did not happen, as its caller may know it. Two switches map it outwards: to an HTTP status and an
// envelope code (gateway/error_reply), and to a gRPC status (rpc). Neither has a `default`.
enum class errc {
    invalid_argument = 1,       // the input breaks a rule; `field` and `reason` say which
    already_exists,             // the email or the profile is there already
    wrong_credentials,          // log-in: no such account, or not its password; which of the two is not told
    wrong_password,             // of an account that is logged in already
    account_suspended,          // told only to one who gave the right password
    invalid_token,              // not ours, damaged, or of a session that has ended
    token_expired,              // genuine, but too old
    reauthentication_required,  // genuine, but the password was given longer ago than this takes; `greatest_age`
    not_found,                  // the profile or the session is not there, or not the caller's
    version_mismatch,           // If-Match named another version
    too_many_attempts,          // try again after `retry_after`
    overloaded,                 // a queue is full: try again after `retry_after`
    unavailable,                // a server behind this one does not answer: try again after `retry_after`
    internal,                   // a bug, or damaged data; the log knows more
};

struct error {
    errc code;
    std::string message;                     // for the client: says what is wrong, never why inside
    std::string field = {};                  // invalid_argument: the name of the input at fault
    std::string reason = {};                 // invalid_argument: a stable word for it, such as "too_short"
    std::chrono::seconds retry_after = {};   // too_many_attempts, overloaded, unavailable
    std::chrono::seconds greatest_age = {};  // reauthentication_required: of `auth_time`
};

template <class T>
using result = std::expected<T, error>;

inline std::unexpected<error> failure(errc code, std::string message) {
    return std::unexpected(error{.code = code, .message = std::move(message)});
}

inline std::unexpected<error> invalid(std::string field, std::string reason, std::string message) {
    return std::unexpected(error{.code = errc::invalid_argument,
                                 .message = std::move(message),
                                 .field = std::move(field),
                                 .reason = std::move(reason)});
}

inline std::unexpected<error> unavailable(std::string message, std::chrono::seconds retry_after) {
    return std::unexpected(error{.code = errc::unavailable, .message = std::move(message), .retry_after = retry_after});
}

}  // namespace userinfo
