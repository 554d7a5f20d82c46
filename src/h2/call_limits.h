// What one connection may make a server hold, and for how long. So a client that sends without end, stops half-way or
// does not read its replies costs a known amount of memory, and only its own calls suffer.
#pragma once

#include <chrono>
#include <cstddef>

namespace userinfo::h2 {

struct call_limits {
    // In bytes, for all calls of a connection together: their metadata, messages and unsent replies, and `call_cost`
    // for each. A full load of calls, 1,000, with 6 KB each.
    std::size_t held = 8 * 1024 * 1024;

    // Within which the first message must have arrived.
    std::chrono::milliseconds request_time{10'000};
    // Within which the peer must read: the reply to a call, or anything at all if it has stopped reading.
    std::chrono::milliseconds reply_time{30'000};
    // How often the times are checked.
    std::chrono::milliseconds look_interval{1'000};
};

// In bytes: about what a call takes besides what it was sent.
inline constexpr std::size_t call_cost = 2 * 1024;

}  // namespace userinfo::h2
