#include <array>
#include <string>

#include "base/json_writer.h"
#include "base/rfc3339.h"
#include "gateway/refused_deletion.h"
#include "gateway/routes.h"

namespace userinfo::gateway {

namespace {

task<result<answer>> list_devices(userinfo_service& service, request_context& context) {
    const auto devices = co_await service.perform(
        context.call, use_cases::list_devices{.device = std::string(context.credentials.device)});
    if (!devices) co_return std::unexpected(devices.error());
    answer shown;
    shown.data.clear();
    json_writer json(shown.data);
    json.begin_object().name("devices").begin_array();
    for (const auto& device : *devices) {
        json.begin_object()
            .member("id", device.id.to_string())
            .member("name", device.name)
            .member("created_at", to_rfc3339(device.created_at))
            .member("last_used_at", to_rfc3339(device.last_used_at))
            .member("current", device.current)
            .end_object();
    }
    json.end_array().end_object();
    co_return shown;
}

task<result<answer>> forget_device(userinfo_service& service, request_context& context) {
    const auto forgotten =
        co_await service.perform(context.call, use_cases::forget_device{.id = std::string(context.parameter)});
    if (!forgotten) co_return std::unexpected(forgotten.error());
    co_return answer();
}

task<result<answer>> refuse_to_forget_device(userinfo_service& service, request_context& context) {
    return refuse_deletion<use_cases::forget_device, use_cases::list_devices>(service, context);
}

using http::method;

constexpr failure_codes device_codes{envelope_code::account_bad_request, envelope_code::account_bad_request,
                                     envelope_code::no_such_device, envelope_code::account_failed};

constexpr std::array table{
    endpoint{method::get, "/api/account/devices", access::session, device_codes, list_devices},
    endpoint{method::delete_, "/api/account/devices/{id}", access::session, device_codes, forget_device, false,
             refuse_to_forget_device},
};

}  // namespace

std::span<const endpoint> device_routes() { return table; }

}  // namespace userinfo::gateway
