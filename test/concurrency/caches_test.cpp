// The caches in memory: entries never go backwards, whoever writes last.
#include <atomic>

#include <gtest/gtest.h>

#include "storage/memory/memory_profile_cache.h"
#include "storage/memory/memory_session_cache.h"
#include "support/manual_clock.h"
#include "support/run_task.h"
#include "support/threads.h"

namespace userinfo::memory {
namespace {

using test::run;
using test::run_threads;

class caches_test : public testing::Test {
protected:
    // More of them than fit, so that entries are pushed out meanwhile.
    static std::vector<uuid> ids() {
        std::vector<uuid> made(200);
        for (auto& id : made) id = uuid::random();
        return made;
    }

    test::manual_clock clock_;
    metrics figures_;
    const uuid account_ = uuid::random();
};

TEST_F(caches_test, a_session_that_was_revoked_is_never_seen_live_again) {
    memory_session_cache cache(10'000, clock_, figures_);
    const auto sessions = ids();
    const auto expiry = clock_.now() + std::chrono::minutes(15);
    std::vector<std::atomic<bool>> revoked(sessions.size());
    run_threads(4, [&](std::size_t thread) {
        for (std::size_t i = 0; i < sessions.size(); ++i) {
            if (thread == 0) {
                run(cache.put_revoked(account_, sessions[i], expiry));
                revoked[i] = true;
                continue;
            }
            const bool was_revoked = revoked[i];
            run(cache.put_live(account_, sessions[i], expiry));
            const auto seen = run(cache.get(account_, sessions[i]));
            if (was_revoked) ASSERT_NE(seen.state, cached_session::live);
        }
    });
    for (const auto& session : sessions) EXPECT_EQ(run(cache.get(account_, session)).state, cached_session::revoked);
}

TEST_F(caches_test, a_profile_never_goes_back_to_an_older_version) {
    memory_profile_cache cache(10'000, clock_, figures_);
    std::atomic<std::uint64_t> next = 1;
    run_threads(4, [&](std::size_t) {
        std::uint64_t newest = 0;
        for (int i = 0; i < 2000; ++i) {
            const auto version = next++;
            run(cache.put(account_, std::make_shared<const versioned_profile>(
                                        versioned_profile{.version = version, .value = {}})));
            const auto seen = cache.find(account_);
            ASSERT_NE(seen, nullptr);
            ASSERT_GE(seen->version, std::max(newest, version));
            newest = seen->version;
        }
    });
    EXPECT_EQ(cache.find(account_)->version, next - 1);
}

TEST_F(caches_test, a_full_cache_gives_each_account_its_own_profile) {
    memory_profile_cache cache(50, clock_, figures_);
    const auto accounts = ids();
    std::atomic<int> hits = 0;
    run_threads(4, [&](std::size_t) {
        for (std::size_t i = 0; i < accounts.size(); ++i) {
            const auto version = i + 1;
            run(cache.put(accounts[i], std::make_shared<const versioned_profile>(
                                           versioned_profile{.version = version, .value = {}})));
            const auto seen = cache.find(accounts[i]);
            if (!seen) continue;
            ++hits;
            ASSERT_EQ(seen->version, version);
        }
    });
    EXPECT_GT(hits, 0);
}

}  // namespace
}  // namespace userinfo::memory
