// What a database knows about the time since its last change.
#pragma once

#include <chrono>

namespace userinfo::sql {

// All reads that begin between the two see the same data.
struct unchanged_period {
    std::chrono::steady_clock::time_point since, until;
};

}  // namespace userinfo::sql
