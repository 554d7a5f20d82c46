// The health endpoints for load balancers and supervisors: /healthz says that the process is alive, /readyz that it
// accepts requests. The public listener serves the first, the management listener the second.
#pragma once

#include "http/message.h"

namespace userinfo {

// Always 200: a process that answers is alive, whatever the state of its dependencies.
http::reply make_liveness_reply();

// 200, or 503 with `Retry-After`.
http::reply make_readiness_reply(bool ready);

}  // namespace userinfo
