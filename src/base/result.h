// The return type of a use case: a value, or an error that the caller can handle.
//
// Invalid input and failures outside the program return an `error`. A broken configuration or a failed start throws. A
// bug terminates the program.
#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <utility>

namespace userinfo {

// Why a use case failed, as far as the caller may know. Two switches without `default` map each code outwards: to an
// HTTP status and envelope code (gateway/error_reply), and to a gRPC status (rpc).
enum class errc {
    invalid_argument = 1,       // the input breaks a rule; `field` and `reason` say which
    already_exists,             // the email is in use, or the profile exists
    wrong_credentials,          // log-in: no such account, or wrong password; clients cannot tell which
    wrong_password,             // of an account that is already logged in
    account_suspended,          // only reported after the right password
    invalid_token,              // not ours, damaged, or its session has ended
    token_expired,              // genuine, but too old, or issued for another audience; a refresh helps
    reauthentication_required,  // genuine, but the password was checked too long ago; see `greatest_age`
    not_found,                  // the profile or session does not exist or is not the caller's
    version_mismatch,           // If-Match named another version
    too_many_attempts,          // try again after `retry_after`
    overloaded,                 // a queue is full; try again after `retry_after`
    unavailable,                // a server behind this one does not answer; try again after `retry_after`
    internal,                   // a bug or damaged data; see the log
};

struct error {
    errc code;
    std::string message;                     // for the client: what is wrong, without internal causes
    std::string field = {};                  // invalid_argument: the name of the invalid input
    std::string reason = {};                 // invalid_argument: a stable identifier such as "too_short"
    std::chrono::seconds retry_after = {};   // too_many_attempts, overloaded, unavailable
    std::chrono::seconds greatest_age = {};  // reauthentication_required: the maximum age of `auth_time`
};

// A failure that the client can do nothing about. The log has the cause.
inline error internal_error() { return {.code = errc::internal, .message = "Something went wrong inside."}; }

// A queue is full (errc::overloaded), or what waited in one was dropped (errc::unavailable).
inline error too_busy(errc code) {
    return {
        .code = code, .message = "The server is too busy just now; try again.", .retry_after = std::chrono::seconds(1)};
}

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
