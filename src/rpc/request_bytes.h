// The request of a use case as the bytes of its message, and back. If the request holds a secret, the protobuf message
// is wiped, too.
//
//     use case <── codecs.h ──> protobuf message <── message_bytes.h ──> bytes
//
// The functions below take both steps.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include "base/result.h"
#include "base/secret_string.h"
#include "base/wipe.h"
#include "rpc/codecs.h"
#include "rpc/message_bytes.h"

namespace userinfo::rpc {

template <class UseCase>
secret_string serialize_request(UseCase asked) {
    auto message = codec<UseCase>::encode(std::move(asked));
    auto bytes = serialize(message);
    if constexpr (use_cases::holds_secret<UseCase>) wipe_fields(message);
    return bytes;
}

// Nothing: they are not such a message. An error: it does not say what the use case needs.
template <class UseCase>
std::optional<result<UseCase>> parse_request(const secret_string& bytes) {
    using request = codec<UseCase>::request;
    request message;
    if constexpr (!use_cases::holds_secret<UseCase>) {
        if (!parse(message, bytes)) return std::nullopt;
        return codec<UseCase>::decode(std::move(message));
    } else {
        static_assert(std::is_same_v<decltype(&codec<UseCase>::decode), result<UseCase> (*)(const request&)>,
                      "a codec that takes the message over takes the password away from where it is wiped");
        std::optional<result<UseCase>> asked;
        if (parse(message, bytes)) asked = codec<UseCase>::decode(message);
        wipe_fields(message);
        wipe_stack();  // where protobuf reads the last bytes from
        return asked;
    }
}

}  // namespace userinfo::rpc
