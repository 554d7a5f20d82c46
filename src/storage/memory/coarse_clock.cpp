#include "storage/memory/coarse_clock.h"

#include <ctime>

namespace userinfo::memory {

namespace {

std::chrono::microseconds since_boot() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return std::chrono::seconds(time.tv_sec) +
           std::chrono::floor<std::chrono::microseconds>(std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace

coarse_clock::coarse_clock() : offset_(system_clock().now().time_since_epoch() - since_boot()) {}

timestamp coarse_clock::now() const { return timestamp(offset_ + since_boot()); }

}  // namespace userinfo::memory
