// The error of a DELETE by id whose condition is not met. RFC 9110 section 13.2.1: what it would fail for without its
// condition goes first, so the service is asked for that. Nothing is deleted.
#pragma once

#include <algorithm>

#include "base/unmet_condition.h"
#include "base/uuid.h"
#include "gateway/endpoint.h"

namespace userinfo::gateway {

// The error of deleting what does not exist: nothing has the empty id. errc::not_found: only the id is at fault.
template <class Delete>
task<error> delete_none(userinfo_service& service, request_context& context) {
    const auto deleted = co_await service.perform(context.call, Delete{.id = {}});
    co_return deleted ? error{.code = errc::internal, .message = "Something was deleted by an empty id."}
                      : deleted.error();
}

// `List` finds all that `Delete` can delete. Always an error.
template <class Delete, class List>
task<result<answer>> refuse_deletion(userinfo_service& service, request_context& context) {
    const auto none = co_await delete_none<Delete>(service, context);
    if (none.code != errc::not_found) co_return std::unexpected(none);
    const auto all = co_await service.perform(context.call, List());
    if (!all) co_return std::unexpected(all.error());
    const auto id = uuid::parse(context.parameter);
    const bool exists = std::ranges::any_of(*all, [&](const auto& each) { return each.id == id; });
    co_return std::unexpected(exists ? unmet_condition() : none);
}

}  // namespace userinfo::gateway
