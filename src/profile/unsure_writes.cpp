#include "profile/unsure_writes.h"

#include "profile/cache_lifetime.h"

namespace userinfo {

unsure_writes::unsure_writes(const clock& clock, std::size_t capacity) : clock_(clock), capacity_(capacity) {}

void unsure_writes::add(const uuid& account, std::uint64_t version) {
    const auto now = clock_.now();
    const auto until = now + longest_cache_lifetime;
    const std::scoped_lock lock(mutex_);
    // Scanning all writes each time would cost more than the reads it saves.
    if (writes_.size() >= capacity_ && now >= believes_nothing_until_.load()) forget_old(now);
    if (writes_.size() >= capacity_ && !writes_.contains(account)) {
        believes_nothing_until_ = until;
        return;
    }
    auto& known = writes_[account];
    if (known.version < version) known = {.version = version, .until = until};
    count();
}

void unsure_writes::settle(const uuid& account, std::uint64_t version) {
    if (size_.load(std::memory_order_acquire) == 0) return;
    const std::scoped_lock lock(mutex_);
    const auto known = writes_.find(account);
    if (known != writes_.end() && known->second.version <= version) writes_.erase(known);
    count();
}

bool unsure_writes::may_be_old(const uuid& account, std::uint64_t version) {
    const auto now = clock_.now();
    if (now < believes_nothing_until_.load(std::memory_order_acquire)) return true;
    if (size_.load(std::memory_order_acquire) == 0) return false;
    const std::scoped_lock lock(mutex_);
    const auto known = writes_.find(account);
    return known != writes_.end() && version < known->second.version && now < known->second.until;
}

std::vector<uuid> unsure_writes::pending() {
    std::vector<uuid> left;
    const std::scoped_lock lock(mutex_);
    forget_old(clock_.now());
    for (const auto& [account, write] : writes_) left.push_back(account);
    return left;
}

void unsure_writes::forget_old(timestamp now) {
    std::erase_if(writes_, [&](const auto& entry) { return entry.second.until <= now; });
    count();
}

}  // namespace userinfo
