// The codecs of use cases that are the same for everybody: the public keys, and the settings of the pages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "rpc/codec.h"

namespace userinfo::rpc {

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
        reply.set_shortest_first_password(static_cast<std::uint32_t>(settings.shortest_first_password));
        reply.set_longest_password(static_cast<std::uint32_t>(settings.longest_password));
        reply.set_longest_username(static_cast<std::uint32_t>(settings.longest_username));
        reply.set_earliest_birthday(to_string(settings.earliest_birthday));
        return reply;
    }
    static std::optional<page_settings> decode_reply(const response& reply) {
        const auto earliest = parse_date(reply.earliest_birthday());
        if (!earliest) return std::nullopt;
        return page_settings{.shortest_password = reply.shortest_password(),
                             .shortest_first_password = reply.has_shortest_first_password()
                                                            ? reply.shortest_first_password()
                                                            : reply.shortest_password(),
                             .longest_password = reply.longest_password(),
                             .longest_username = reply.longest_username(),
                             .earliest_birthday = *earliest};
    }
};

}  // namespace userinfo::rpc
