// The codecs of use cases of accounts.
#pragma once

#include <optional>
#include <utility>

#include "rpc/codec.h"

namespace userinfo::rpc {

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
        message.set_device(std::move(asked.device));
        return message;
    }
    static result<use_cases::change_password> decode(const request& message) {
        return {{.current_password = secret_string(message.current_password()),
                 .new_password = secret_string(message.new_password()),
                 .device = message.device()}};
    }
};

template <>
struct codec<use_cases::reauthenticate> : replies_tokens<&v1::Userinfo::Reauthenticate> {
    static request encode(use_cases::reauthenticate asked) {
        request message;
        message.mutable_password()->assign(asked.password.view());
        message.set_device(std::move(asked.device));
        return message;
    }
    static result<use_cases::reauthenticate> decode(const request& message) {
        return {{.password = secret_string(message.password()), .device = message.device()}};
    }
};

template <>
struct codec<use_cases::delete_account> : replies_nothing<&v1::Userinfo::DeleteAccount> {
    static request encode(use_cases::delete_account asked) {
        request message;
        message.mutable_password()->assign(asked.password.view());
        message.set_device(std::move(asked.device));
        return message;
    }
    static result<use_cases::delete_account> decode(const request& message) {
        return {{.password = secret_string(message.password()), .device = message.device()}};
    }
};

}  // namespace userinfo::rpc
