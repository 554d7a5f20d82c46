#include "contract/caches.h"

#include "base/metrics.h"
#include "contract/redis_caches.h"
#include "storage/memory/memory_account_cache.h"
#include "storage/memory/memory_profile_cache.h"
#include "storage/memory/memory_session_cache.h"
#include "storage/memory/memory_source_limits.h"

namespace userinfo::test {

namespace {

class memory_caches final : public caches {
public:
    profile_cache& profiles() override { return profiles_; }
    session_cache& sessions() override { return sessions_; }
    account_cache& accounts() override { return accounts_; }
    userinfo::source_limits& source_limits() override { return source_limits_; }
    void let_pass(std::chrono::microseconds time) override { clock_.advance(time); }
    timestamp now() const override { return clock_.now(); }
    std::chrono::microseconds resolution() const override { return std::chrono::microseconds(1); }

private:
    manual_clock clock_;
    metrics metrics_;
    memory::memory_profile_cache profiles_{1000, clock_, metrics_};
    memory::memory_session_cache sessions_{1000, clock_, metrics_};
    memory::memory_account_cache accounts_{sessions_, profiles_};
    memory::memory_source_limits source_limits_{
        {.checks = {.per_minute = 60, .burst = 3}, .registers = {.per_minute = 6, .burst = 1}}, 1000, clock_};
};

}  // namespace

std::vector<cache_kind> all_caches() {
    return {{"memory", [] { return std::make_unique<memory_caches>(); }}, {"redis", make_redis_caches}};
}

}  // namespace userinfo::test
