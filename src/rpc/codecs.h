// One codec for each use case: the method of the contract that carries it, and the conversions between the use case and
// the messages of that method. A use case without a codec does not compile, nor does a codec with a method that the
// contract does not have.
//
// A codec has these functions; use cases that reply nothing lack the last two:
//
//     request encode(UseCase);                                // in the client
//     result<UseCase> decode(request);                        // in the server; an error goes to the client
//     response encode_reply(const UseCase::reply&);           // in the server
//     std::optional<UseCase::reply> decode_reply(response);   // in the client; empty: the service broke the contract
//
// The fields of a request with a password are wiped after use (request_bytes.h). So `decode` takes it by const
// reference, and `encode` assigns the password: a setter of protobuf would leave a copy behind.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <google/protobuf/service.h>

#include "rpc/messages.h"
#include "service/use_cases.h"
#include "userinfo/v1/userinfo.pb.h"

namespace userinfo::rpc {

template <class UseCase>
struct codec;

template <class Method>
struct messages_of;

template <class Request, class Response>
struct messages_of<void (v1::Userinfo::*)(google::protobuf::RpcController*, const Request*, Response*,
                                          google::protobuf::Closure*)> {
    using request = Request;
    using response = Response;
};

// The messages of a method of the contract.
template <auto Method>
struct carried_by : messages_of<decltype(Method)> {};

template <auto Method>
struct replies_nothing : carried_by<Method> {};

template <auto Method>
struct replies_tokens : carried_by<Method> {
    using response = carried_by<Method>::response;

    static response encode_reply(const token_grant& grant) {
        response reply;
        *reply.mutable_grant() = to_message(grant);
        return reply;
    }
    static std::optional<token_grant> decode_reply(const response& reply) { return from_message(reply.grant()); }
};

template <auto Method>
struct replies_profile : carried_by<Method> {
    using response = carried_by<Method>::response;

    static response encode_reply(const profile_view& profile) {
        response reply;
        *reply.mutable_profile() = to_message(profile);
        return reply;
    }
    static std::optional<profile_view> decode_reply(const response& reply) { return from_message(reply.profile()); }
};

inline std::unexpected<error> unknown_transport() {
    return invalid("transport", "unknown", "The transport must be TRANSPORT_COOKIE or TRANSPORT_BEARER.");
}

template <>
struct codec<use_cases::register_account> : replies_nothing<&v1::Userinfo::Register> {
    static request encode(use_cases::register_account asked) {
        request message;
        message.set_email(std::move(asked.email));
        message.mutable_password()->assign(asked.password.view());
        return message;
    }
    static result<use_cases::register_account> decode(const request& message) {
        return {{.email = message.email(), .password = secret_string(message.password())}};
    }
};

template <>
struct codec<use_cases::log_in> : replies_tokens<&v1::Userinfo::Login> {
    static request encode(use_cases::log_in asked) {
        request message;
        message.set_email(std::move(asked.email));
        message.mutable_password()->assign(asked.password.view());
        message.set_transport(to_message(asked.transport));
        return message;
    }
    static result<use_cases::log_in> decode(const request& message) {
        const auto transport = from_message(message.transport());
        if (!transport) return unknown_transport();
        return {{.email = message.email(), .password = secret_string(message.password()), .transport = *transport}};
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
struct codec<use_cases::get_account> : carried_by<&v1::Userinfo::GetAccount> {
    static request encode(use_cases::get_account) { return {}; }
    static result<use_cases::get_account> decode(const request&) { return {}; }
    static response encode_reply(const account& account) {
        response reply;
        *reply.mutable_account() = to_message(account);
        return reply;
    }
    static std::optional<account> decode_reply(const response& reply) { return from_message(reply.account()); }
};

template <>
struct codec<use_cases::change_password> : replies_tokens<&v1::Userinfo::ChangePassword> {
    static request encode(use_cases::change_password asked) {
        request message;
        message.mutable_current_password()->assign(asked.current_password.view());
        message.mutable_new_password()->assign(asked.new_password.view());
        return message;
    }
    static result<use_cases::change_password> decode(const request& message) {
        return {{.current_password = secret_string(message.current_password()),
                 .new_password = secret_string(message.new_password())}};
    }
};

template <>
struct codec<use_cases::reauthenticate> : replies_tokens<&v1::Userinfo::Reauthenticate> {
    static request encode(use_cases::reauthenticate asked) {
        request message;
        message.mutable_password()->assign(asked.password.view());
        return message;
    }
    static result<use_cases::reauthenticate> decode(const request& message) {
        return {{.password = secret_string(message.password())}};
    }
};

template <>
struct codec<use_cases::delete_account> : replies_nothing<&v1::Userinfo::DeleteAccount> {
    static request encode(use_cases::delete_account asked) {
        request message;
        message.mutable_password()->assign(asked.password.view());
        return message;
    }
    static result<use_cases::delete_account> decode(const request& message) {
        return {{.password = secret_string(message.password())}};
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

template <>
struct codec<use_cases::get_profile> : replies_profile<&v1::Userinfo::GetProfile> {
    static request encode(const use_cases::get_profile& asked) {
        request message;
        if (asked.seen) {
            message.set_seen_account_id(asked.seen->account.to_string());
            message.set_seen_version(asked.seen->version);
        }
        return message;
    }
    static result<use_cases::get_profile> decode(const request& message) {
        use_cases::get_profile asked;
        if (const auto account = uuid::parse(message.seen_account_id())) {
            asked.seen = {.account = *account, .version = message.seen_version()};
        }
        return asked;
    }
};

template <>
struct codec<use_cases::create_profile> : replies_profile<&v1::Userinfo::CreateProfile> {
    static request encode(const use_cases::create_profile& asked) {
        request message;
        *message.mutable_input() = to_message(asked.input);
        return message;
    }
    static result<use_cases::create_profile> decode(const request& message) {
        return {{.input = from_message(message.input())}};
    }
};

// The contract says why there are two fields for one thing.
template <class Message>
void set_if_versions(Message& message, const std::vector<std::uint64_t>& versions) {
    message.mutable_if_versions()->Add(versions.begin(), versions.end());
    if (!versions.empty()) message.set_if_version(std::ranges::max(versions));
}

template <class Message>
std::vector<std::uint64_t> if_versions_of(const Message& message) {
    if (message.if_versions().empty() && message.has_if_version()) return {message.if_version()};
    return {message.if_versions().begin(), message.if_versions().end()};
}

template <>
struct codec<use_cases::update_profile> : replies_profile<&v1::Userinfo::UpdateProfile> {
    static request encode(const use_cases::update_profile& asked) {
        request message;
        *message.mutable_input() = to_message(asked.input);
        set_if_versions(message, asked.if_versions);
        return message;
    }
    static result<use_cases::update_profile> decode(const request& message) {
        return {{.input = from_message(message.input()), .if_versions = if_versions_of(message)}};
    }
};

template <>
struct codec<use_cases::delete_profile> : replies_profile<&v1::Userinfo::DeleteProfile> {
    static request encode(const use_cases::delete_profile& asked) {
        request message;
        set_if_versions(message, asked.if_versions);
        return message;
    }
    static result<use_cases::delete_profile> decode(const request& message) {
        return {{.if_versions = if_versions_of(message)}};
    }
};

template <>
struct codec<use_cases::get_public_keys> : carried_by<&v1::Userinfo::GetPublicKeys> {
    static request encode(use_cases::get_public_keys) { return {}; }
    static result<use_cases::get_public_keys> decode(const request&) { return {}; }
    static response encode_reply(std::string keys) {
        response reply;
        reply.set_jwks(std::move(keys));
        return reply;
    }
    static std::optional<std::string> decode_reply(response reply) { return std::move(*reply.mutable_jwks()); }
};

template <>
struct codec<use_cases::get_page_settings> : carried_by<&v1::Userinfo::GetPageSettings> {
    static request encode(use_cases::get_page_settings) { return {}; }
    static result<use_cases::get_page_settings> decode(const request&) { return {}; }
    static response encode_reply(const page_settings& settings) {
        response reply;
        reply.set_shortest_password(static_cast<std::uint32_t>(settings.shortest_password));
        reply.set_longest_password(static_cast<std::uint32_t>(settings.longest_password));
        reply.set_longest_username(static_cast<std::uint32_t>(settings.longest_username));
        reply.set_earliest_birthday(to_string(settings.earliest_birthday));
        return reply;
    }
    static std::optional<page_settings> decode_reply(const response& reply) {
        const auto earliest = parse_date(reply.earliest_birthday());
        if (!earliest) return std::nullopt;
        return page_settings{.shortest_password = reply.shortest_password(),
                             .longest_password = reply.longest_password(),
                             .longest_username = reply.longest_username(),
                             .earliest_birthday = *earliest};
    }
};

}  // namespace userinfo::rpc
