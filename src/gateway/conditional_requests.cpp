#include "gateway/conditional_requests.h"

#include <string>
#include <utility>

#include "base/unmet_condition.h"
#include "gateway/preconditions.h"
#include "gateway/routes.h"

namespace userinfo::gateway {

namespace {

task<result<answer>> authenticate_and_refuse(userinfo_service& service, request_context& context) {
    const auto caller = co_await service.perform(context.call, use_cases::get_account());
    co_return std::unexpected(caller ? unmet_condition() : caller.error());
}

// Empty if it has none.
std::string tag_of(const answer& found) { return found.shown ? to_etag(found.shown->version) : found.tag; }

}  // namespace

result<endpoint_handler> handler_under_conditions(const endpoint& endpoint, const http::request& request) {
    const bool deletes_at_any_version = endpoint.method == http::method::delete_ && !endpoint.has_versions;
    if (!deletes_at_any_version || !has_preconditions(request)) return endpoint.handle;
    const auto conditions = read_preconditions(request);
    if (!conditions) return std::unexpected(conditions.error());
    if (judge(*conditions, "") == verdict::met) return endpoint.handle;
    return endpoint.refuse ? endpoint.refuse : authenticate_and_refuse;
}

result<answer> shown_under_conditions(const http::request& request, answer found) {
    const auto conditions = read_preconditions(request);
    if (!conditions) return std::unexpected(conditions.error());
    switch (judge(*conditions, tag_of(found))) {
        case verdict::met: break;
        case verdict::other_version: return std::unexpected(unmet_condition());
        case verdict::same_version: found.not_modified = true; break;
    }
    return found;
}

const failure_codes& codes_of_conditions(const endpoint& endpoint) {
    return endpoint.has_versions ? endpoint.codes : public_codes;
}

}  // namespace userinfo::gateway
