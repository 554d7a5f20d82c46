#include "profile/cache_lifetime.h"

#include <random>

namespace userinfo {

namespace {

constexpr std::chrono::microseconds lifetime = std::chrono::seconds(60);
constexpr std::chrono::microseconds never_lifetime = std::chrono::seconds(5);  // the user may be about to create one

}  // namespace

std::chrono::microseconds cache_lifetime_of(const versioned_profile& entry) {
    if (entry.version == 0) return never_lifetime;
    // Randomized, so that entries cached together do not expire together.
    thread_local std::minstd_rand random{std::random_device{}()};
    constexpr std::chrono::microseconds most_extra = longest_cache_lifetime - lifetime;
    std::uniform_int_distribution<std::int64_t> extra(0, most_extra.count());
    return lifetime + std::chrono::microseconds(extra(random));
}

}  // namespace userinfo
