// Starts several threads at once, for tests of data that threads share.
#pragma once

#include <cstddef>
#include <latch>
#include <thread>
#include <vector>

namespace userinfo::test {

// Calls work(0) to work(count - 1), each on its own thread, all started together. Returns when all have finished.
template <class Work>
void run_threads(std::size_t count, Work work) {
    std::latch ready(static_cast<std::ptrdiff_t>(count));
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < count; ++i) {
        threads.emplace_back([&ready, &work, i] {
            ready.arrive_and_wait();
            work(i);
        });
    }
}

}  // namespace userinfo::test
