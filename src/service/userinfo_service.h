// Everything that userinfo does, as the gateway calls it: in the same process (local_userinfo) or, in a cluster, over
// gRPC. The identity of a caller comes from the access token in `call` alone, never from another argument;
// `call.account` is set as soon as it is known.
//
// Every function may return errc::unavailable, errc::overloaded or errc::internal; those that need a user also
// errc::invalid_token and errc::token_expired, and those that take a password errc::too_many_attempts. A token that
// does not pass changes nothing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "base/uuid.h"
#include "identity/account.h"
#include "profile/profile_cache.h"
#include "profile/profile_rules.h"
#include "session/token_grant.h"
#include "session/transport.h"

namespace userinfo {

struct log_in_request {
    std::string email;
    std::string password;
    userinfo::transport transport = transport::cookie;
};

struct log_out_request {
    std::string refresh_token;  // or empty: the session is that of the access token in `call`
};

// A session as its owner sees it.
struct session_view {
    uuid id;
    bool current = false;  // of the access token that asked
    userinfo::transport transport = transport::cookie;
    std::string device;
    std::string address;       // where it began
    std::string last_address;  // where it was last refreshed
    timestamp auth_time;
    timestamp created_at;
    timestamp last_seen_at;  // log-in or last refresh
    timestamp idle_expires_at;
    timestamp absolute_expires_at;

    timestamp expires_at() const { return std::min(idle_expires_at, absolute_expires_at); }
};

// The caller's account, and the profile as it is after the call.
struct profile_view {
    uuid account;
    cached_profile profile;
};

// What a client has seen already: of its own profile it is never shown less.
struct seen_version {
    uuid account;
    std::uint64_t version;
};

class userinfo_service {
public:
    virtual ~userinfo_service() = default;

    // errc::invalid_argument (field "email" or "password"), errc::already_exists.
    virtual task<result<void>> register_account(call& call, std::string email, std::string password) = 0;

    // errc::invalid_argument, errc::wrong_credentials, errc::account_suspended.
    virtual task<result<token_grant>> log_in(call& call, log_in_request request) = 0;

    // The next tokens of a session. errc::invalid_token: not ours, of another transport, or its session has ended.
    virtual task<result<token_grant>> refresh(call& call, std::string refresh_token, transport transport) = 0;

    // Ends the session that either token names. An unknown or ended one is no error.
    virtual task<result<void>> log_out(call& call, log_out_request request) = 0;

    virtual task<result<account>> get_account(call& call) = 0;

    // Ends all other sessions. errc::invalid_argument (field "new_password"), errc::wrong_password.
    virtual task<result<token_grant>> change_password(call& call, std::string current_password,
                                                      std::string new_password) = 0;

    // The caller gives their password again: the new access token's `auth_time` is now. There is no new refresh token.
    // errc::wrong_password.
    virtual task<result<token_grant>> reauthenticate(call& call, std::string password) = 0;

    // Account, profile and sessions are gone, the email is free again. errc::wrong_password.
    virtual task<result<void>> delete_account(call& call, std::string password) = 0;

    virtual task<result<std::vector<session_view>>> list_sessions(call& call) = 0;

    // These two take an `auth_time` of a certain age at most: errc::reauthentication_required. errc::not_found: none of
    // the caller's live sessions has that id.
    virtual task<result<void>> end_session(call& call, std::string id) = 0;
    virtual task<result<void>> end_other_sessions(call& call) = 0;

    // At least the version that was `seen`, if the database has it: a reader sees its own writes. What was seen of
    // another account is ignored. errc::not_found: there is none.
    virtual task<result<profile_view>> get_profile(call& call, std::optional<seen_version> seen) = 0;

    // errc::invalid_argument, errc::already_exists.
    virtual task<result<profile_view>> create_profile(call& call, profile_input input) = 0;

    // errc::invalid_argument, errc::not_found, errc::version_mismatch.
    virtual task<result<profile_view>> update_profile(call& call, profile_input input,
                                                      std::optional<std::uint64_t> if_version) = 0;

    // errc::not_found, errc::version_mismatch.
    virtual task<result<profile_view>> delete_profile(call& call, std::optional<std::uint64_t> if_version) = 0;

    // The public keys, as a JSON Web Key Set (RFC 7517).
    virtual task<result<std::string>> public_keys(call& call) = 0;
};

}  // namespace userinfo
