#include <array>
#include <string>

#include "gateway/routes.h"
#include "management/health.h"
#include "openapi.embedded.h"

namespace userinfo::gateway {

namespace {

task<result<answer>> health(userinfo_service&, request_context&) {
    co_return answer{.document = make_liveness_reply().body};
}

task<result<answer>> public_keys(userinfo_service& service, request_context& context) {
    auto keys = co_await service.perform(context.call, use_cases::get_public_keys());
    if (!keys) co_return std::unexpected(keys.error());
    co_return answer{.document = std::move(*keys)};
}

task<result<answer>> api_description(userinfo_service&, request_context&) {
    co_return answer{.document = std::string(embedded::openapi)};
}

using http::method;

constexpr std::array table{
    endpoint{method::get, "/healthz", access::anyone, public_codes, health},
    endpoint{method::get, "/.well-known/jwks.json", access::anyone, public_codes, public_keys},
    endpoint{method::get, "/api/openapi.json", access::anyone, public_codes, api_description},
};

}  // namespace

std::span<const endpoint> public_routes() { return table; }

}  // namespace userinfo::gateway
