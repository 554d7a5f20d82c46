// The metrics that every server role has: which program this is, what the process uses, and what its log has lost.
#pragma once

#include "base/metrics.h"

namespace userinfo::programs {

void show_program(metrics& metrics);

}  // namespace userinfo::programs
