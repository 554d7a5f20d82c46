// The codecs of use cases of devices.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "rpc/codec.h"

namespace userinfo::rpc {

template <>
struct codec<use_cases::list_devices> : carried_by<&v1::Userinfo::ListDevices> {
    static request encode(use_cases::list_devices asked) {
        request message;
        message.set_device(std::move(asked.device));
        return message;
    }
    static result<use_cases::list_devices> decode(request message) {
        return {{.device = std::move(*message.mutable_device())}};
    }
    static response encode_reply(const std::vector<device_view>& devices) {
        response reply;
        for (const auto& device : devices) *reply.add_devices() = to_message(device);
        return reply;
    }
    static std::optional<std::vector<device_view>> decode_reply(const response& reply) {
        std::vector<device_view> devices;
        for (const auto& message : reply.devices()) {
            auto device = from_message(message);
            if (!device) return std::nullopt;
            devices.push_back(std::move(*device));
        }
        return devices;
    }
};

template <>
struct codec<use_cases::forget_device> : replies_nothing<&v1::Userinfo::ForgetDevice> {
    static request encode(use_cases::forget_device asked) {
        request message;
        message.set_device_id(std::move(asked.id));
        return message;
    }
    static result<use_cases::forget_device> decode(request message) {
        return {{.id = std::move(*message.mutable_device_id())}};
    }
};

}  // namespace userinfo::rpc
