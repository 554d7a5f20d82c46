#include "programs/account_text.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/rfc3339.h"
#include "base/unicode.h"

namespace userinfo::programs {

namespace {

void write_account(json_writer& json, const account& account) {
    json.member("account_id", account.id.to_string())
        .member("email", account.email)
        .member("created_at", to_rfc3339(account.created_at))
        .member("status", to_string(account.status));
}

std::string birthday_of(const profile& profile) { return profile.birthday ? to_string(*profile.birthday) : ""; }

void write_profile(json_writer& json, const std::optional<profile>& profile) {
    json.name("profile");
    if (!profile) {
        json.null();
        return;
    }
    json.begin_object()
        .member("username", profile->username)
        .member("birthday", birthday_of(*profile))
        .member("avatar", profile->avatar)
        .end_object();
}

void write_session(json_writer& json, const session& session) {
    json.begin_object()
        .member("id", session.id.to_string())
        .member("device", session.device)
        .member("address", session.address)
        .member("last_address", session.last_address)
        .member("created_at", to_rfc3339(session.created_at))
        .member("last_seen_at", to_rfc3339(session.last_seen_at))
        .member("expires_at", to_rfc3339(session.expires_at()))
        .end_object();
}

std::string finished(std::string json) {
    make_json_printable(json);
    json += '\n';
    return json;
}

std::string json_of(const shown_account& shown) {
    std::string line;
    json_writer json(line);
    json.begin_object();
    write_account(json, shown.account);
    write_profile(json, shown.profile);
    json.name("sessions").begin_array();
    for (const auto& session : shown.sessions) write_session(json, session);
    json.end_array().end_object();
    return finished(std::move(line));
}

// Whatever clients sent must not look like another line.
std::string row(std::string_view name, std::string_view value) {
    return fmt::format("{:<9}{}\n", name, printable(value));
}

}  // namespace

std::string account_text(const shown_account& shown, output_form form) {
    if (form == output_form::json) return json_of(shown);
    const auto& account = shown.account;
    auto text = row("id", account.id.to_string()) + row("email", account.email) +
                row("status", to_string(account.status)) + row("created", to_rfc3339(account.created_at));
    if (const auto& profile = shown.profile) {
        text += row("username", profile->username);
        if (profile->birthday) text += row("birthday", birthday_of(*profile));
        if (!profile->avatar.empty()) text += row("avatar", profile->avatar);
    }
    for (const auto& session : shown.sessions) {
        text += row("session", fmt::format("{}  last seen {} from {}  {}", session.id.to_string(),
                                           to_rfc3339(session.last_seen_at), session.last_address, session.device));
    }
    return text;
}

std::string account_line(const account& account, output_form form) {
    if (form == output_form::text) {
        return fmt::format("{}  {:<9}  {}  {}\n", account.id.to_string(), to_string(account.status),
                           to_rfc3339(account.created_at), printable(account.email));
    }
    std::string line;
    json_writer json(line);
    json.begin_object();
    write_account(json, account);
    json.end_object();
    return finished(std::move(line));
}

}  // namespace userinfo::programs
