// How much of a server one client may take, in bytes and in time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace userinfo::http {

struct limits {
    std::size_t header_bytes = 16 * 1024;
    std::size_t body_bytes = 64 * 1024;
    std::size_t connections = 20'000;               // more are closed as soon as they are accepted
    std::chrono::milliseconds header_time{10'000};  // from a request's first byte to the end of its header
    std::chrono::milliseconds body_time{20'000};
    std::chrono::milliseconds idle_time{75'000};   // between two requests
    std::chrono::milliseconds write_time{20'000};  // for a client to take a reply

    // The part of idle_time during which a connection keeps its memory for the next request.
    std::chrono::milliseconds warm_time() const { return std::min(std::chrono::milliseconds(1000), idle_time / 2); }
};

}  // namespace userinfo::http
