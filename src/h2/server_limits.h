// Limits on how much of a server its clients may use, in connections and in time.
#pragma once

#include <chrono>
#include <cstddef>

namespace userinfo::h2 {

struct server_limits {
    std::size_t connections = 1'024;               // of peers that have proven themselves (h2/admission.h)
    std::size_t newcomers = 512;                   // of peers that have not
    std::size_t newcomers_per_source = 256;        // of these, from one source (base/source.h)
    std::chrono::milliseconds proof_time{3'000};   // for a newcomer to prove itself
    std::chrono::milliseconds idle_time{300'000};  // a connection without a call ends after this time, or twice as much
};

}  // namespace userinfo::h2
