// The metrics that every server role has: which program this is, what the process uses, and what its log has lost.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "base/metrics.h"

namespace userinfo::programs {

void show_program(metrics& metrics);

// The open connections of a listener: "public", "management" or "rpc". `count` is called from any thread as long as the
// metrics are read.
void show_connections(metrics& metrics, std::string_view listener, std::function<std::size_t()> count);

}  // namespace userinfo::programs
