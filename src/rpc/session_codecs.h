// The codecs of use cases of sessions, log-in included.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "rpc/codec.h"

namespace userinfo::rpc {

inline std::unexpected<error> unknown_transport() {
    return invalid("transport", "unknown", "The transport must be TRANSPORT_COOKIE or TRANSPORT_BEARER.");
}

template <>
struct codec<use_cases::log_in> : replies_tokens<&v1::Userinfo::Login> {
    static request encode(use_cases::log_in asked) {
        request message;
        message.set_email(std::move(asked.email));
        message.mutable_password()->assign(asked.password.view());
        message.set_transport(to_message(asked.transport));
        message.set_device(std::move(asked.device));
        return message;
    }
    static result<use_cases::log_in> decode(const request& message) {
        const auto transport = from_message(message.transport());
        if (!transport) return unknown_transport();
        return {{.email = message.email(),
                 .password = secret_string(message.password()),
                 .transport = *transport,
                 .device = message.device()}};
    }
};

template <>
struct codec<use_cases::refresh> : replies_tokens<&v1::Userinfo::Refresh> {
    static request encode(use_cases::refresh asked) {
        request message;
        message.set_refresh_token(std::move(asked.refresh_token));
        message.set_transport(to_message(asked.transport));
        return message;
    }
    static result<use_cases::refresh> decode(request message) {
        const auto transport = from_message(message.transport());
        if (!transport) return unknown_transport();
        return {{.refresh_token = std::move(*message.mutable_refresh_token()), .transport = *transport}};
    }
};

template <>
struct codec<use_cases::check_session> : carried_by<&v1::Userinfo::CheckSession> {
    static request encode(use_cases::check_session asked) {
        request message;
        message.set_refresh_token(std::move(asked.refresh_token));
        message.set_with_email(asked.with_email);
        return message;
    }
    static result<use_cases::check_session> decode(request message) {
        return {{.refresh_token = std::move(*message.mutable_refresh_token()), .with_email = message.with_email()}};
    }
    static response encode_reply(const checked_session& checked) { return to_message(checked); }
    static std::optional<checked_session> decode_reply(const response& reply) { return from_message(reply); }
};

template <>
struct codec<use_cases::log_out> : replies_nothing<&v1::Userinfo::Logout> {
    static request encode(use_cases::log_out asked) {
        request message;
        message.set_refresh_token(std::move(asked.refresh_token));
        return message;
    }
    static result<use_cases::log_out> decode(request message) {
        return {{.refresh_token = std::move(*message.mutable_refresh_token())}};
    }
};

template <>
struct codec<use_cases::list_sessions> : carried_by<&v1::Userinfo::ListSessions> {
    static request encode(use_cases::list_sessions) { return {}; }
    static result<use_cases::list_sessions> decode(const request&) { return {}; }
    static response encode_reply(const std::vector<session_view>& sessions) {
        response reply;
        for (const auto& session : sessions) *reply.add_sessions() = to_message(session);
        return reply;
    }
    static std::optional<std::vector<session_view>> decode_reply(const response& reply) {
        std::vector<session_view> sessions;
        for (const auto& message : reply.sessions()) {
            auto session = from_message(message);
            if (!session) return std::nullopt;
            sessions.push_back(std::move(*session));
        }
        return sessions;
    }
};

template <>
struct codec<use_cases::end_session> : replies_nothing<&v1::Userinfo::EndSession> {
    static request encode(use_cases::end_session asked) {
        request message;
        message.set_session_id(std::move(asked.id));
        return message;
    }
    static result<use_cases::end_session> decode(request message) {
        return {{.id = std::move(*message.mutable_session_id())}};
    }
};

template <>
struct codec<use_cases::end_other_sessions> : replies_nothing<&v1::Userinfo::EndOtherSessions> {
    static request encode(use_cases::end_other_sessions) { return {}; }
    static result<use_cases::end_other_sessions> decode(const request&) { return {}; }
};

}  // namespace userinfo::rpc
