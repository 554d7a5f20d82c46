#include <array>
#include <string>

#include "base/json_writer.h"
#include "base/rfc3339.h"
#include "base/unmet_condition.h"
#include "gateway/refused_deletion.h"
#include "gateway/routes.h"

namespace userinfo::gateway {

namespace {

task<result<answer>> list_sessions(userinfo_service& service, request_context& context) {
    const auto sessions = co_await service.perform(context.call, use_cases::list_sessions());
    if (!sessions) co_return std::unexpected(sessions.error());
    answer shown;
    shown.data.clear();
    json_writer json(shown.data);
    json.begin_object().name("sessions").begin_array();
    for (const auto& session : *sessions) {
        json.begin_object()
            .member("id", session.id.to_string())
            .member("device", session.device)
            .member("address", session.address)
            .member("last_address", session.last_address)
            .member("created_at", to_rfc3339(session.created_at))
            .member("last_seen_at", to_rfc3339(session.last_seen_at))
            .member("expires_at", to_rfc3339(session.expires_at()))
            .member("current", session.current)
            .end_object();
    }
    json.end_array().end_object();
    co_return shown;
}

task<result<answer>> end_session(userinfo_service& service, request_context& context) {
    const auto ended =
        co_await service.perform(context.call, use_cases::end_session{.id = std::string(context.parameter)});
    if (!ended) co_return std::unexpected(ended.error());
    co_return answer();
}

task<result<answer>> refuse_to_end_session(userinfo_service& service, request_context& context) {
    return refuse_deletion<use_cases::end_session, use_cases::list_sessions>(service, context);
}

task<result<answer>> end_other_sessions(userinfo_service& service, request_context& context) {
    const auto ended = co_await service.perform(context.call, use_cases::end_other_sessions());
    if (!ended) co_return std::unexpected(ended.error());
    co_return answer();
}

task<result<answer>> refuse_to_end_other_sessions(userinfo_service& service, request_context& context) {
    const auto none = co_await delete_none<use_cases::end_session>(service, context);
    co_return std::unexpected(none.code == errc::not_found ? unmet_condition() : none);
}

using http::method;

constexpr std::array table{
    endpoint{method::get, "/api/account/sessions", access::session, account_codes, list_sessions},
    endpoint{method::delete_, "/api/account/sessions", access::session, account_codes, end_other_sessions, false,
             refuse_to_end_other_sessions},
    endpoint{method::delete_, "/api/account/sessions/{id}", access::session, account_codes, end_session, false,
             refuse_to_end_session},
};

}  // namespace

std::span<const endpoint> session_routes() { return table; }

}  // namespace userinfo::gateway
