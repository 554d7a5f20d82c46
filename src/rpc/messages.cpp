#include "rpc/messages.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace userinfo::rpc {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

google::protobuf::Timestamp to_message(timestamp time) {
    const auto whole = std::chrono::floor<seconds>(time);
    google::protobuf::Timestamp message;
    message.set_seconds(whole.time_since_epoch().count());
    message.set_nanos(static_cast<std::int32_t>(nanoseconds(time - whole).count()));
    return message;
}

timestamp from_message(const google::protobuf::Timestamp& message) {
    return timestamp(seconds(message.seconds()) + duration_cast<microseconds>(nanoseconds(message.nanos())));
}

bool is_printable_word(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

v1::Account::Status to_message(account_status status) {
    switch (status) {
        case account_status::active: return v1::Account::STATUS_ACTIVE;
        case account_status::suspended: return v1::Account::STATUS_SUSPENDED;
        case account_status::deleted: return v1::Account::STATUS_DELETED;
    }
    std::unreachable();
}

std::optional<account_status> from_message(v1::Account::Status status) {
    switch (status) {
        case v1::Account::STATUS_ACTIVE: return account_status::active;
        case v1::Account::STATUS_SUSPENDED: return account_status::suspended;
        case v1::Account::STATUS_DELETED: return account_status::deleted;
        default: return std::nullopt;
    }
}

v1::ProfileValue to_message(const profile& value) {
    v1::ProfileValue message;
    message.set_username(value.username);
    if (value.birthday) message.set_birthday(to_string(*value.birthday));
    message.set_avatar(value.avatar);
    message.set_email(value.email);
    return message;
}

std::optional<profile> from_message(const v1::ProfileValue& message, const uuid& account) {
    std::optional<date> birthday;
    if (!message.birthday().empty()) {
        birthday = parse_date(message.birthday());
        if (!birthday) return std::nullopt;
    }
    return profile{.account = account,
                   .username = message.username(),
                   .birthday = birthday,
                   .avatar = message.avatar(),
                   .email = message.email()};
}

}  // namespace

v1::Transport to_message(transport transport) {
    switch (transport) {
        case transport::cookie: return v1::TRANSPORT_COOKIE;
        case transport::bearer: return v1::TRANSPORT_BEARER;
    }
    std::unreachable();
}

std::optional<transport> from_message(v1::Transport message) {
    switch (message) {
        case v1::TRANSPORT_COOKIE: return transport::cookie;
        case v1::TRANSPORT_BEARER: return transport::bearer;
        default: return std::nullopt;
    }
}

v1::TokenGrant to_message(const token_grant& grant) {
    v1::TokenGrant message;
    message.set_access_token(grant.access_token);
    message.set_refresh_token(grant.refresh_token);
    message.mutable_access_lifetime()->set_seconds(grant.access_lifetime.count());
    message.mutable_refresh_lifetime()->set_seconds(grant.refresh_lifetime.count());
    message.set_transport(to_message(grant.transport));
    message.set_device(grant.device);
    return message;
}

std::optional<token_grant> from_message(const v1::TokenGrant& message) {
    const auto transport = from_message(message.transport());
    if (!transport || message.access_token().empty()) return std::nullopt;
    return token_grant{.access_token = message.access_token(),
                       .refresh_token = message.refresh_token(),
                       .access_lifetime = seconds(message.access_lifetime().seconds()),
                       .refresh_lifetime = seconds(message.refresh_lifetime().seconds()),
                       .transport = *transport,
                       .device = message.device()};
}

v1::Account to_message(const account& account) {
    v1::Account message;
    message.set_account_id(account.id.to_string());
    message.set_email(account.email);
    *message.mutable_created_at() = to_message(account.created_at);
    message.set_status(to_message(account.status));
    return message;
}

std::optional<account> from_message(const v1::Account& message) {
    const auto id = uuid::parse(message.account_id());
    const auto status = from_message(message.status());
    if (!id || !status) return std::nullopt;
    return account{
        .id = *id, .status = *status, .email = message.email(), .created_at = from_message(message.created_at())};
}

v1::Session to_message(const session_view& session) {
    v1::Session message;
    message.set_session_id(session.id.to_string());
    message.set_current(session.current);
    message.set_transport(to_message(session.transport));
    message.set_device(session.device);
    message.set_address(session.address);
    message.set_last_address(session.last_address);
    *message.mutable_auth_time() = to_message(session.auth_time);
    *message.mutable_created_at() = to_message(session.created_at);
    *message.mutable_last_seen_at() = to_message(session.last_seen_at);
    *message.mutable_idle_expires_at() = to_message(session.idle_expires_at);
    *message.mutable_absolute_expires_at() = to_message(session.absolute_expires_at);
    return message;
}

std::optional<session_view> from_message(const v1::Session& message) {
    const auto id = uuid::parse(message.session_id());
    const auto transport = from_message(message.transport());
    if (!id || !transport) return std::nullopt;
    return session_view{.id = *id,
                        .current = message.current(),
                        .transport = *transport,
                        .device = message.device(),
                        .address = message.address(),
                        .last_address = message.last_address(),
                        .auth_time = from_message(message.auth_time()),
                        .created_at = from_message(message.created_at()),
                        .last_seen_at = from_message(message.last_seen_at()),
                        .idle_expires_at = from_message(message.idle_expires_at()),
                        .absolute_expires_at = from_message(message.absolute_expires_at())};
}

v1::CheckSessionResponse to_message(const checked_session& checked) {
    v1::CheckSessionResponse message;
    message.set_account_id(checked.account.to_string());
    message.set_session_id(checked.session.to_string());
    *message.mutable_auth_time() = to_message(checked.auth_time);
    message.set_email(checked.email);
    message.set_access_token(checked.access_token);
    return message;
}

std::optional<checked_session> from_message(const v1::CheckSessionResponse& message) {
    const auto account = uuid::parse(message.account_id());
    const auto session = uuid::parse(message.session_id());
    // They become header fields.
    if (!account || !session || !is_printable_word(message.email()) || !is_printable_word(message.access_token())) {
        return std::nullopt;
    }
    return checked_session{.account = *account,
                           .session = *session,
                           .auth_time = from_message(message.auth_time()),
                           .email = message.email(),
                           .access_token = message.access_token()};
}

v1::Device to_message(const device_view& device) {
    v1::Device message;
    message.set_device_id(device.id.to_string());
    message.set_current(device.current);
    message.set_name(device.name);
    *message.mutable_created_at() = to_message(device.created_at);
    *message.mutable_last_used_at() = to_message(device.last_used_at);
    return message;
}

std::optional<device_view> from_message(const v1::Device& message) {
    const auto id = uuid::parse(message.device_id());
    if (!id) return std::nullopt;
    return device_view{.id = *id,
                       .current = message.current(),
                       .name = message.name(),
                       .created_at = from_message(message.created_at()),
                       .last_used_at = from_message(message.last_used_at())};
}

v1::Profile to_message(const profile_view& profile) {
    v1::Profile message;
    message.set_account_id(profile.account.to_string());
    message.set_version(profile.profile->version);
    if (profile.profile->value) *message.mutable_value() = to_message(*profile.profile->value);
    return message;
}

std::optional<profile_view> from_message(const v1::Profile& message) {
    const auto id = uuid::parse(message.account_id());
    if (!id) return std::nullopt;
    versioned_profile found{.version = message.version(), .value = {}};
    if (message.has_value()) {
        found.value = from_message(message.value(), *id);
        if (!found.value) return std::nullopt;
    }
    return profile_view{.account = *id, .profile = std::make_shared<const versioned_profile>(std::move(found))};
}

v1::ProfileInput to_message(const profile_input& input) {
    v1::ProfileInput message;
    if (input.username) message.set_username(*input.username);
    if (input.birthday) message.set_birthday(*input.birthday);
    if (input.avatar) message.set_avatar(*input.avatar);
    return message;
}

profile_input from_message(const v1::ProfileInput& message) {
    profile_input input;
    if (message.has_username()) input.username = message.username();
    if (message.has_birthday()) input.birthday = message.birthday();
    if (message.has_avatar()) input.avatar = message.avatar();
    return input;
}

}  // namespace userinfo::rpc
