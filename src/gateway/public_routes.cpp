#include "gateway/routes.h"
#include "management/health.h"
#include "openapi.embedded.h"

namespace userinfo::gateway {

task<result<answer>> routes::health(exchange&) { co_return answer{.document = make_liveness_reply().body}; }

task<result<answer>> routes::public_keys(exchange& exchange) {
    auto keys = co_await client_.public_keys(exchange.call);
    if (!keys) co_return std::unexpected(keys.error());
    co_return answer{.document = std::move(*keys)};
}

task<result<answer>> routes::api_description(exchange&) {
    co_return answer{.document = std::string(embedded::openapi)};
}

}  // namespace userinfo::gateway
