#include "base/json_writer.h"
#include "gateway/rfc3339.h"
#include "gateway/routes.h"

namespace userinfo::gateway {

task<result<answer>> routes::list_sessions(exchange& exchange) {
    const auto sessions = co_await client_.list_sessions(exchange.call);
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

task<result<answer>> routes::end_session(exchange& exchange) {
    const auto ended = co_await client_.end_session(exchange.call, std::string(exchange.parameter));
    if (!ended) co_return std::unexpected(ended.error());
    co_return answer();
}

task<result<answer>> routes::end_other_sessions(exchange& exchange) {
    const auto ended = co_await client_.end_other_sessions(exchange.call);
    if (!ended) co_return std::unexpected(ended.error());
    co_return answer();
}

}  // namespace userinfo::gateway
