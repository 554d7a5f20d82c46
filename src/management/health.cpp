#include "management/health.h"

#include "http/json_reply.h"

namespace userinfo {

http::reply make_liveness_reply() { return http::make_envelope(200, http::envelope_code::success, "Success."); }

http::reply make_readiness_reply(bool ready) {
    if (ready) return make_liveness_reply();
    auto reply = http::make_envelope(503, http::envelope_code::unavailable, "Not ready.");
    reply.headers.emplace_back("Retry-After", "1");
    return reply;
}

}  // namespace userinfo
