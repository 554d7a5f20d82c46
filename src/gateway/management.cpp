#include "gateway/management.h"

#include <array>

#include "gateway/envelope.h"
#include "gateway/error_reply.h"
#include "gateway/request_id.h"

namespace userinfo::gateway {

namespace {

constexpr std::array table{http::route{http::method::get, "/metrics"}, http::route{http::method::get, "/readyz"}};
constexpr std::size_t metrics_route = 0;

}  // namespace

management::management(const metrics& metrics) : metrics_(metrics), router_(table) {}

task<http::reply> management::handle(const http::request& request) {
    auto reply = answer(request);
    reply.fixed_lines = http_header_lines;
    reply.headers.emplace_back("X-Request-Id", request_id_of(request));
    co_return reply;
}

http::reply management::answer(const http::request& request) const {
    const auto match = router_.find(request.method, request.path);
    if (match.outcome != http::router::outcome::found) return make_route_reply(match);
    if (match.route == metrics_route) return make_document(metrics_.text(), "text/plain; version=0.0.4");
    if (ready_) return make_envelope(200, envelope_code::success, "Success.");
    auto reply = make_envelope(503, envelope_code::unavailable, "Not ready.");
    reply.headers.emplace_back("Retry-After", "1");
    return reply;
}

http::reply management::reject(http::rejection why) {
    auto reply = make_rejection_reply(why);
    reply.fixed_lines = http_header_lines;
    reply.headers.emplace_back("X-Request-Id", request_id_of({}));
    return reply;
}

}  // namespace userinfo::gateway
