// The codecs of use cases of profiles.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "rpc/codec.h"

namespace userinfo::rpc {

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

template <>
struct codec<use_cases::get_profile> : replies_profile<&v1::Userinfo::GetProfile> {
    static request encode(const use_cases::get_profile& asked) {
        request message;
        if (const auto& seen = asked.seen[0]) {
            message.set_seen_account_id(seen->account.to_string());
            message.set_seen_version(seen->version);
        }
        if (const auto& seen = asked.seen[1]) {
            message.set_other_seen_account_id(seen->account.to_string());
            message.set_other_seen_version(seen->version);
        }
        return message;
    }
    static result<use_cases::get_profile> decode(const request& message) {
        use_cases::get_profile asked;
        if (const auto account = uuid::parse(message.seen_account_id())) {
            asked.seen[0] = {.account = *account, .version = message.seen_version()};
        }
        if (const auto account = uuid::parse(message.other_seen_account_id())) {
            asked.seen[1] = {.account = *account, .version = message.other_seen_version()};
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

// The contract says what `if_version` is for.
template <class Message>
void set_condition(Message& message, const write_condition& condition) {
    const auto& [allowed, refused] = condition;
    message.mutable_if_versions()->Add(allowed.begin(), allowed.end());
    message.mutable_unless_versions()->Add(refused.begin(), refused.end());
    if (!allowed.empty())
        message.set_if_version(std::ranges::max(allowed));
    else if (!refused.empty())
        message.set_if_version(0);
}

template <class Message>
write_condition condition_of(const Message& message) {
    const bool is_of_older_gateway = message.if_versions().empty() && message.unless_versions().empty();
    if (is_of_older_gateway && message.has_if_version()) return {.if_versions = {message.if_version()}};
    return {.if_versions = {message.if_versions().begin(), message.if_versions().end()},
            .unless_versions = {message.unless_versions().begin(), message.unless_versions().end()}};
}

template <>
struct codec<use_cases::update_profile> : replies_profile<&v1::Userinfo::UpdateProfile> {
    static request encode(const use_cases::update_profile& asked) {
        request message;
        *message.mutable_input() = to_message(asked.input);
        set_condition(message, asked.condition);
        return message;
    }
    static result<use_cases::update_profile> decode(const request& message) {
        return {{.input = from_message(message.input()), .condition = condition_of(message)}};
    }
};

template <>
struct codec<use_cases::delete_profile> : replies_profile<&v1::Userinfo::DeleteProfile> {
    static request encode(const use_cases::delete_profile& asked) {
        request message;
        set_condition(message, asked.condition);
        return message;
    }
    static result<use_cases::delete_profile> decode(const request& message) {
        return {{.condition = condition_of(message)}};
    }
};

}  // namespace userinfo::rpc
