#include "storage/memory/memory_profile_cache.h"

#include "profile/cache_lifetime.h"

namespace userinfo::memory {

memory_profile_cache::memory_profile_cache(std::size_t capacity, const clock& clock, metrics& metrics)
    : clock_(clock), requests_(metrics, "profile"), entries_(capacity) {}

profile_ptr memory_profile_cache::find(const uuid& account) {
    const auto now = clock_.now();
    auto found = entries_.with(account, [&](clock_map<entry>& entries) -> profile_ptr {
        const auto* known = entries.find(account);
        if (known == nullptr || known->expires_at <= now) return nullptr;
        return known->profile;
    });
    requests_.count(found != nullptr);
    return found;
}

task<bool> memory_profile_cache::put(uuid account, profile_ptr profile) {
    const auto now = clock_.now();
    entries_.with(account, [&](clock_map<entry>& entries) {
        const auto* known = entries.find(account);
        if (known != nullptr && known->expires_at > now && known->profile->version >= profile->version) return;
        const auto expires_at = now + cache_lifetime_of(*profile);
        entries.put(account, {.profile = std::move(profile), .expires_at = expires_at});
    });
    co_return true;
}

}  // namespace userinfo::memory
