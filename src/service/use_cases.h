// Everything that userinfo does for its clients. Each use case is one struct: its members are the request, `reply` is
// what a call returns, and `description` is what callers must know beside that. The service's interface, gRPC's client
// and server, the metrics and the test doubles are made from the list at the end, `all`.
//
// The identity of a caller comes from the access token in `call` alone, never from a member.
//
// Every use case may fail with errc::unavailable, errc::overloaded or errc::internal; those that need a session also
// with errc::invalid_token and errc::token_expired, and those that take a password with errc::too_many_attempts. A
// token that does not pass changes nothing. Further errors stand above each use case.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/clock.h"
#include "base/uuid.h"
#include "identity/account.h"
#include "profile/profile_cache.h"
#include "profile/profile_rules.h"
#include "session/token_grant.h"
#include "session/transport.h"

namespace userinfo {

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

// The limits of what people type, for pages that tell them before a form is sent. Lengths are in code points.
struct page_settings {
    std::size_t shortest_password = 0;
    std::size_t longest_password = 0;
    std::size_t longest_username = 0;
    date earliest_birthday;
};

// A namespace of its own: these names are verbs, and the classes that carry them out have functions of the same name.
namespace use_cases {

struct properties {
    std::string_view name;         // of the RPC, and in the metrics
    bool may_repeat = false;       // done twice it does what it does done once
    bool hashes_password = false;  // takes so long that its client may leave meanwhile
};

// errc::invalid_argument (field "email" or "password"), errc::already_exists.
struct register_account {
    using reply = void;
    static constexpr properties description{.name = "Register", .hashes_password = true};

    std::string email;
    std::string password;
};

// errc::invalid_argument, errc::wrong_credentials, errc::account_suspended.
struct log_in {
    using reply = token_grant;
    static constexpr properties description{.name = "Login", .hashes_password = true};

    std::string email;
    std::string password;
    userinfo::transport transport = transport::cookie;
};

// The next tokens of a session; the predecessor of a token is answered with the same successor. errc::invalid_token:
// not ours, of another transport, or its session has ended.
struct refresh {
    using reply = token_grant;
    static constexpr properties description{.name = "Refresh", .may_repeat = true};

    std::string refresh_token;
    userinfo::transport transport = transport::cookie;  // of the session
};

// Ends the session that either token names. An unknown or ended one is no error.
struct log_out {
    using reply = void;
    static constexpr properties description{.name = "Logout", .may_repeat = true};

    std::string refresh_token;  // empty: the session is that of the access token in `call`
};

struct get_account {
    using reply = account;
    static constexpr properties description{.name = "GetAccount", .may_repeat = true};
};

// Ends all other sessions. errc::invalid_argument (field "new_password"), errc::wrong_password.
struct change_password {
    using reply = token_grant;
    static constexpr properties description{.name = "ChangePassword", .hashes_password = true};

    std::string current_password;
    std::string new_password;
};

// The caller gives their password again: the new access token's `auth_time` is now. There is no new refresh token.
// errc::wrong_password.
struct reauthenticate {
    using reply = token_grant;
    static constexpr properties description{.name = "Reauthenticate", .hashes_password = true};

    std::string password;
};

// Account, profile and sessions are gone, the email is free again. errc::wrong_password.
struct delete_account {
    using reply = void;
    static constexpr properties description{.name = "DeleteAccount", .hashes_password = true};

    std::string password;
};

struct list_sessions {
    using reply = std::vector<session_view>;
    static constexpr properties description{.name = "ListSessions", .may_repeat = true};
};

// Takes an `auth_time` of a certain age at most: errc::reauthentication_required. errc::not_found: none of the caller's
// live sessions has that id.
struct end_session {
    using reply = void;
    static constexpr properties description{.name = "EndSession"};

    std::string id;
};

// Takes an `auth_time` of a certain age at most: errc::reauthentication_required.
struct end_other_sessions {
    using reply = void;
    static constexpr properties description{.name = "EndOtherSessions"};
};

// At least the version that was `seen`, if the database has it: a reader sees its own writes. What was seen of another
// account is ignored. errc::not_found: there is none.
struct get_profile {
    using reply = profile_view;
    static constexpr properties description{.name = "GetProfile", .may_repeat = true};

    std::optional<seen_version> seen;
};

// errc::invalid_argument, errc::already_exists.
struct create_profile {
    using reply = profile_view;
    static constexpr properties description{.name = "CreateProfile"};

    profile_input input;
};

// errc::invalid_argument, errc::not_found. errc::version_mismatch: the profile's version is none of `if_versions`.
struct update_profile {
    using reply = profile_view;
    static constexpr properties description{.name = "UpdateProfile"};

    profile_input input;
    std::vector<std::uint64_t> if_versions;  // empty: any will do
};

// errc::not_found. errc::version_mismatch: the profile's version is none of `if_versions`.
struct delete_profile {
    using reply = profile_view;
    static constexpr properties description{.name = "DeleteProfile"};

    std::vector<std::uint64_t> if_versions;  // empty: any will do
};

// The public keys, as a JSON Web Key Set (RFC 7517).
struct get_public_keys {
    using reply = std::string;
    static constexpr properties description{.name = "GetPublicKeys", .may_repeat = true};
};

// Needs no session.
struct get_page_settings {
    using reply = page_settings;
    static constexpr properties description{.name = "GetPageSettings", .may_repeat = true};
};

template <class... UseCases>
struct list {
    static constexpr std::size_t size = sizeof...(UseCases);

    // Any<Before..., each use case...>.
    template <template <class...> class Any, class... Before>
    using as = Any<Before..., UseCases...>;

    // Calls each.template operator()<UseCase>() for each of them, in order.
    static constexpr void for_each(auto each) { (each.template operator()<UseCases>(), ...); }

    // Where a use case stands in the list.
    template <class UseCase>
    static consteval std::size_t place_of() {
        static_assert((std::is_same_v<UseCase, UseCases> || ...), "the use case is not in the list");
        constexpr std::array is_it{std::is_same_v<UseCase, UseCases>...};
        return static_cast<std::size_t>(std::ranges::find(is_it, true) - is_it.begin());
    }
};

using all = list<register_account, log_in, refresh, log_out, get_account, change_password, reauthenticate,
                 delete_account, list_sessions, end_session, end_other_sessions, get_profile, create_profile,
                 update_profile, delete_profile, get_public_keys, get_page_settings>;

}  // namespace use_cases

}  // namespace userinfo
