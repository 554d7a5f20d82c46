// Everything that userinfo does for its clients. Each use case is one struct: its members are the request, `reply` is
// the type of the result, and `description` tells callers the rest. The interface of the service, the client and server
// of gRPC, the metrics and the test doubles are generated from the list at the end, `all`.
//
// The identity of the caller always comes from the access token in `call`, never from a member.
//
// Where a use case has a member `device`, it is what the client's last log-in gave as token_grant::device, or empty. If
// it proves that the client is a known device of the account, the password is counted by device (attempts/attempts.h).
// Any other text is as none.
//
// Every use case may fail with errc::unavailable, errc::overloaded or errc::internal. Use cases that need a session may
// also fail with errc::invalid_token and errc::token_expired, and those that take a password with
// errc::too_many_attempts. A call with an invalid token changes nothing. The comment of a use case names further
// errors.
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
#include "base/secret_string.h"
#include "base/uuid.h"
#include "device/device.h"
#include "identity/account.h"
#include "profile/profile_cache.h"
#include "profile/profile_rules.h"
#include "session/token_grant.h"
#include "session/transport.h"

namespace userinfo {

// A session as its owner sees it.
struct session_view {
    uuid id;
    bool current = false;  // the session of the access token in `call`
    userinfo::transport transport = transport::cookie;
    std::string device;
    std::string address;       // where it began
    std::string last_address;  // where it was last refreshed
    timestamp auth_time;
    timestamp created_at;
    timestamp last_seen_at;  // at log-in or the last refresh
    timestamp idle_expires_at;
    timestamp absolute_expires_at;

    timestamp expires_at() const { return std::min(idle_expires_at, absolute_expires_at); }
};

// A device as the owner of its account sees it.
struct device_view {
    uuid id;
    bool current = false;    // the one that the caller showed
    std::string name;        // the user agent of its last log-in
    timestamp created_at;    // its first log-in
    timestamp last_used_at;  // its last log-in
};

// The caller's account, and the profile after the call.
struct profile_view {
    uuid account;
    profile_ptr profile;
};

// The newest version of its own profile that a client has seen. It is never shown an older one.
struct seen_version {
    uuid account;
    std::uint64_t version;
};

// What a client brings. There may be two: a header that its own page wrote, and a cookie that it shares with other
// pages. Either may be the newer one, or another account's.
using seen_versions = std::array<std::optional<seen_version>, 2>;

// 0: none is of this account.
inline std::uint64_t highest_of(const uuid& account, const seen_versions& seen) {
    std::uint64_t highest = 0;
    for (const auto& each : seen) {
        if (each && each->account == account) highest = std::max(highest, each->version);
    }
    return highest;
}

// Who is calling, as a proxy or a back end learns it.
struct checked_session {
    uuid account;
    uuid session;
    timestamp auth_time;       // when the user last entered a password
    std::string email;         // in printable ASCII (ascii_form in identity/email.h); empty: not asked for, or none
    std::string access_token;  // for back ends, with an audience of their own; empty: they get none
};

// The limits of user input, so that pages can show them before a form is sent. Lengths are in code points.
struct page_settings {
    std::size_t shortest_password = 0;        // when it replaces another one
    std::size_t shortest_first_password = 0;  // at registration
    std::size_t longest_password = 0;
    std::size_t longest_username = 0;
    date earliest_birthday;
};

// A namespace of its own, because the classes behind the use cases have functions with the same names.
namespace use_cases {

struct properties {
    std::string_view name;         // of the RPC and in metrics
    bool may_repeat = false;       // calling it twice has the effect of calling it once
    bool hashes_password = false;  // takes so long that the client may disconnect meanwhile
};

// Whether a use case holds a secret_string, which cannot be copied. Every copy that a transport makes of it is wiped.
template <class UseCase>
inline constexpr bool holds_secret = !std::is_copy_constructible_v<UseCase>;

// errc::invalid_argument (field "email" or "password"), errc::already_exists.
struct register_account {
    using reply = void;
    static constexpr properties description{.name = "Register", .hashes_password = true};

    std::string email;
    secret_string password;
};

// errc::invalid_argument, errc::wrong_credentials, errc::account_suspended.
struct log_in {
    using reply = token_grant;
    static constexpr properties description{.name = "Login", .hashes_password = true};

    std::string email;
    secret_string password;
    userinfo::transport transport = transport::cookie;
    std::string device = {};
};

// Returns the next tokens of a session. The immediate predecessor of the current refresh token gets the same tokens
// again, as session/rotation.h says. errc::invalid_token: not a token of ours, of another transport, or its session has
// ended; with the reason `superseded_token` it has not.
struct refresh {
    using reply = token_grant;
    static constexpr properties description{.name = "Refresh", .may_repeat = true};

    std::string refresh_token;
    userinfo::transport transport = transport::cookie;  // of the session
};

// Tells a proxy or a back end who is calling: by the access token in `call` or, if there is none or it has expired, by
// the refresh token of a cookie session. Renews nothing. A refresh token that was used twice ends its session, as at a
// refresh. errc::token_expired: the client must refresh first.
struct check_session {
    using reply = checked_session;
    static constexpr properties description{.name = "CheckSession", .may_repeat = true};

    std::string refresh_token;  // or empty
    bool with_email = false;
};

// Ends the session of the access token in `call` and the session of `refresh_token`. Either token may be empty, expired
// or unknown, and either session may have ended; none of these is an error.
struct log_out {
    using reply = void;
    static constexpr properties description{.name = "Logout", .may_repeat = true};

    std::string refresh_token;
};

struct get_account {
    using reply = account;
    static constexpr properties description{.name = "GetAccount", .may_repeat = true};
};

// Ends all other sessions. errc::invalid_argument (field "new_password"), errc::wrong_password.
struct change_password {
    using reply = token_grant;
    static constexpr properties description{.name = "ChangePassword", .hashes_password = true};

    secret_string current_password;
    secret_string new_password;
    std::string device = {};
};

// The caller enters the password again. `auth_time` of the new access token is now; there is no new refresh token.
// errc::wrong_password.
struct reauthenticate {
    using reply = token_grant;
    static constexpr properties description{.name = "Reauthenticate", .hashes_password = true};

    secret_string password;
    std::string device = {};
};

// Deletes the account with its profile, sessions and devices. The email address is free again. errc::wrong_password.
struct delete_account {
    using reply = void;
    static constexpr properties description{.name = "DeleteAccount", .hashes_password = true};

    secret_string password;
    std::string device = {};
};

struct list_sessions {
    using reply = std::vector<session_view>;
    static constexpr properties description{.name = "ListSessions", .may_repeat = true};
};

// errc::reauthentication_required: `auth_time` is too long ago. errc::not_found: none of the caller's live sessions has
// that id.
struct end_session {
    using reply = void;
    static constexpr properties description{.name = "EndSession"};

    std::string id;
};

// errc::reauthentication_required: `auth_time` is too long ago.
struct end_other_sessions {
    using reply = void;
    static constexpr properties description{.name = "EndOtherSessions"};
};

// The latest used first.
struct list_devices {
    using reply = std::vector<device_view>;
    static constexpr properties description{.name = "ListDevices", .may_repeat = true};

    std::string device = {};
};

// The device counts as unknown from now on; its sessions go on. errc::reauthentication_required: `auth_time` is too
// long ago. errc::not_found: the caller's account has no device of that id.
struct forget_device {
    using reply = void;
    static constexpr properties description{.name = "ForgetDevice"};

    std::string id;
};

// Returns at least the highest `seen` version, if the database has it, so that clients see their own writes. Ignores
// versions of other accounts. errc::not_found: the caller has no profile.
struct get_profile {
    using reply = profile_view;
    static constexpr properties description{.name = "GetProfile", .may_repeat = true};

    seen_versions seen;
};

// errc::invalid_argument, errc::already_exists.
struct create_profile {
    using reply = profile_view;
    static constexpr properties description{.name = "CreateProfile"};

    profile_input input;
};

// errc::invalid_argument, errc::not_found. errc::version_mismatch: the profile's version does not meet the condition.
struct update_profile {
    using reply = profile_view;
    static constexpr properties description{.name = "UpdateProfile"};

    profile_input input;
    write_condition condition = {};
};

// errc::not_found. errc::version_mismatch: the profile's version does not meet the condition.
struct delete_profile {
    using reply = profile_view;
    static constexpr properties description{.name = "DeleteProfile"};

    write_condition condition = {};
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

    // Any<Before..., UseCases...>. For example, `all::as<performs>` is `performs<register_account, log_in, …>`.
    template <template <class...> class Any, class... Before>
    using as = Any<Before..., UseCases...>;

    // Calls each.template operator()<UseCase>() for each of them, in order.
    static constexpr void for_each(auto each) { (each.template operator()<UseCases>(), ...); }

    // The index of a use case in the list.
    template <class UseCase>
    static consteval std::size_t place_of() {
        static_assert((std::is_same_v<UseCase, UseCases> || ...), "the use case is not in the list");
        constexpr std::array is_it{std::is_same_v<UseCase, UseCases>...};
        return static_cast<std::size_t>(std::ranges::find(is_it, true) - is_it.begin());
    }
};

using all =
    list<register_account, log_in, refresh, check_session, log_out, get_account, change_password, reauthenticate,
         delete_account, list_sessions, end_session, end_other_sessions, list_devices, forget_device, get_profile,
         create_profile, update_profile, delete_profile, get_public_keys, get_page_settings>;

}  // namespace use_cases

}  // namespace userinfo
