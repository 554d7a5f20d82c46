#include "storage/memory/bounded_table.h"

#include <gtest/gtest.h>

#include "base/metrics.h"
#include "storage/memory/coarse_clock.h"
#include "storage/memory/memory_profile_cache.h"
#include "support/manual_clock.h"
#include "support/run_task.h"

namespace userinfo::memory {

namespace {

TEST(clock_map, never_holds_more_than_its_capacity) {
    clock_map<int> map(10);
    for (int i = 0; i < 1000; ++i) map.put(uuid::random(), i);
    EXPECT_EQ(map.size(), 10u);
}

TEST(clock_map, keeps_the_newest_entry) {
    clock_map<int> map(4);
    for (int i = 0; i < 100; ++i) {
        const auto key = uuid::random();
        map.put(key, i);
        ASSERT_NE(map.find(key), nullptr);
        EXPECT_EQ(*map.find(key), i);
    }
}

TEST(clock_map, evicts_what_was_not_asked_for) {
    clock_map<int> map(3);
    const auto popular = uuid::random();
    map.put(popular, 1);
    for (int i = 0; i < 100; ++i) {
        map.put(uuid::random(), i);
        EXPECT_NE(map.find(popular), nullptr);
    }
}

TEST(clock_map, replaces_in_place) {
    clock_map<int> map(2);
    const auto key = uuid::random();
    map.put(key, 1);
    map.put(key, 2);
    EXPECT_EQ(*map.find(key), 2);
    EXPECT_EQ(map.size(), 1u);
}

TEST(memory_profile_cache, is_bounded_and_counts_hits_and_misses) {
    test::manual_clock clock;
    metrics metrics;
    memory_profile_cache cache(160, clock, metrics);
    std::vector<uuid> accounts;
    for (int i = 0; i < 2000; ++i) {
        accounts.push_back(uuid::random());
        test::run(cache.put(accounts.back(),
                            std::make_shared<versioned_profile>(versioned_profile{.version = 1, .value = {}})));
    }
    std::size_t known = 0;
    for (const auto& each : accounts) known += cache.find(each) != nullptr;
    EXPECT_EQ(known, 160u);
    const auto text = metrics.text();
    EXPECT_NE(text.find("userinfo_cache_requests_total{cache=\"profile\",outcome=\"hit\"} 160"), text.npos) << text;
    EXPECT_NE(text.find("userinfo_cache_requests_total{cache=\"profile\",outcome=\"miss\"} 1840"), text.npos);
}

TEST(coarse_clock, tells_the_time_of_day) {
    const auto difference = coarse_clock().now() - system_clock().now();
    EXPECT_LT(std::chrono::abs(difference), std::chrono::seconds(1));
}

}  // namespace

}  // namespace userinfo::memory
