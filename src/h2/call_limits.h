// What one connection may make a server hold. So a client that sends without end or does not read its replies costs a
// known amount of memory, and only its own calls suffer.
#pragma once

#include <cstddef>

namespace userinfo::h2 {

struct call_limits {
    // In bytes, for all calls of a connection together: their metadata, messages and unsent replies, and `call_cost`
    // for each. A full load of calls, 1,000, with 6 KB each.
    std::size_t held = 8 * 1024 * 1024;
};

// In bytes: about what a call takes besides what it was sent.
inline constexpr std::size_t call_cost = 2 * 1024;

}  // namespace userinfo::h2
