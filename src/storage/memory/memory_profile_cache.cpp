#include "storage/memory/memory_profile_cache.h"

#include <random>

namespace userinfo::memory {

namespace {

constexpr std::chrono::seconds lifetime{60};
constexpr std::chrono::seconds absent_lifetime{5};  // "no row at all": somebody may be about to make one

// Spread, so that what was cached together is not asked for together again.
std::chrono::microseconds random_extra() {
    thread_local std::minstd_rand random{std::random_device{}()};
    return std::chrono::microseconds(std::uniform_int_distribution<std::int64_t>(0, 30'000'000)(random));
}

timestamp expiry(const versioned_profile& profile, timestamp now) {
    return profile.version == 0 ? now + absent_lifetime : now + lifetime + random_extra();
}

}  // namespace

memory_profile_cache::memory_profile_cache(std::size_t capacity, const clock& clock, metrics& metrics)
    : clock_(clock), requests_(metrics, "profile"), entries_(capacity) {}

cached_profile memory_profile_cache::find(const uuid& account) {
    const auto now = clock_.now();
    return entries_.with(account, [&](clock_map<entry>& entries) -> cached_profile {
        const auto* known = entries.find(account);
        if (known == nullptr || known->expires_at <= now) return nullptr;
        return known->profile;
    });
}

task<cached_profile> memory_profile_cache::get(uuid account) {
    auto found = find(account);
    requests_.count(found != nullptr);
    co_return found;
}

task<void> memory_profile_cache::put(uuid account, cached_profile profile) {
    const auto now = clock_.now();
    entries_.with(account, [&](clock_map<entry>& entries) {
        const auto* known = entries.find(account);
        if (known != nullptr && known->expires_at > now && known->profile->version >= profile->version) return;
        const auto expires_at = expiry(*profile, now);
        entries.put(account, {.profile = std::move(profile), .expires_at = expires_at});
    });
    co_return;
}

}  // namespace userinfo::memory
