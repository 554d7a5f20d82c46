// Waits until another thread has made a condition true: polls often, and gives up at a limit.
#pragma once

#include <chrono>
#include <thread>

namespace userinfo::test {

// Returns whether `condition` became true within `limit`.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit = std::chrono::seconds(20)) {
    const auto give_up = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > give_up) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

}  // namespace userinfo::test
