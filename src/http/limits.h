// Limits on how much of a server one client may use, in bytes and in time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace userinfo::http {

struct limits {
    std::size_t header_bytes = 16 * 1024;  // half of it for the request line
    std::size_t body_bytes = 64 * 1024;
    std::size_t connections = 20'000;               // further ones are closed right after they are accepted
    std::size_t connections_per_source = 5'000;     // of one source (base/source.h); likewise
    std::chrono::milliseconds header_time{10'000};  // from the first byte of a request to the end of its header
    std::chrono::milliseconds body_time{20'000};
    std::chrono::milliseconds idle_time{75'000};     // between two requests
    std::chrono::milliseconds drain_idle_time{250};  // the same once the listener drains
    std::chrono::milliseconds write_time{20'000};    // for a client to receive a reply

    // How much of idle_time a connection keeps its buffer for the next request.
    std::chrono::milliseconds warm_time() const { return std::min(std::chrono::milliseconds(1000), idle_time / 2); }
};

}  // namespace userinfo::http
