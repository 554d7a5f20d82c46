// How much processor time work takes, for tests that compare two kinds of work on a busy machine.
#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>

namespace userinfo::test {

// Returns the least processor time of this thread in five runs. What else runs on the machine takes caches away, and so
// adds to some of them.
template <class Work>
std::chrono::nanoseconds least_processor_time(Work work) {
    const auto now = [] {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    };
    auto least = std::chrono::nanoseconds::max();
    for (int i = 0; i < 5; ++i) {
        const auto begin = now();
        work();
        least = std::min(least, now() - begin);
    }
    return least;
}

}  // namespace userinfo::test
