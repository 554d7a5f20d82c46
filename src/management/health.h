// Is the process alive (/healthz), and does it want requests (/readyz)? Load balancers and supervisors ask. The public
// listener serves the first, the management listener the second.
#pragma once

#include "http/message.h"

namespace userinfo {

// Always 200: a process that answers is alive, whatever stands behind it.
http::reply make_liveness_reply();

// 200, or 503 with `Retry-After`.
http::reply make_readiness_reply(bool ready);

}  // namespace userinfo
