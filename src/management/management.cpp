#include "management/management.h"

#include <array>
#include <utility>

#include "http/json_reply.h"
#include "http/request_id.h"
#include "management/health.h"

namespace userinfo {

namespace {

constexpr std::array table{http::route{http::method::get, "/metrics"}, http::route{http::method::get, "/readyz"}};
constexpr std::size_t metrics_route = 0;

}  // namespace

management::management(const metrics& metrics, std::function<bool()> can_serve)
    : metrics_(metrics), router_(table), can_serve_(std::move(can_serve)) {}

task<http::reply> management::handle(const http::request& request) {
    auto reply = answer(request);
    reply.fixed_lines = http::header_lines(http::hsts::none);
    reply.headers.emplace_back("X-Request-Id", http::request_id_of(request));
    co_return reply;
}

http::reply management::answer(const http::request& request) const {
    const auto match = router_.find(request.method, request.path);
    if (match.outcome != http::router::outcome::found) return http::make_route_reply(match);
    if (match.route == metrics_route) return http::make_document(metrics_.text(), "text/plain; version=0.0.4");
    return make_readiness_reply(accepting_ && can_serve_());
}

http::reply management::reject(http::rejection why, std::string_view) {
    auto reply = http::make_rejection_reply(why);
    reply.fixed_lines = http::header_lines(http::hsts::none);
    reply.headers.emplace_back("X-Request-Id", http::request_id_of({}));
    return reply;
}

}  // namespace userinfo
