// The client of Redis Cluster on a real cluster: many threads ask while its view of the cluster changes under them.
#include <atomic>

#include <gtest/gtest.h>

#include "contract/redis_client.h"
#include "contract/redis_servers.h"
#include "storage/redis/cache_keys.h"
#include "storage/redis/redis_account_cache.h"
#include "storage/redis/redis_profile_cache.h"
#include "support/eventually.h"
#include "support/threads.h"

namespace userinfo::redis {
namespace {

profile_ptr version(std::uint64_t number) {
    return std::make_shared<const versioned_profile>(versioned_profile{.version = number, .value = {}});
}

TEST(redis_test, no_entry_goes_backwards_while_a_node_is_set_aside_and_comes_back) {
    const test::redis_servers servers;
    servers.make_whole();
    const auto account = uuid::random(), session = uuid::random();
    {
        test::redis_client client(servers.settings());
        redis_profile_cache cache(client.cluster());
        redis_account_cache reader(client.cluster(), client.figures());
        const auto put = [&](std::uint64_t number) {
            return client.run(cache.put(account, version(number)), number % 2);
        };
        ASSERT_TRUE(test::eventually([&] { return put(1); }));
        const auto stopped = servers.primary_of(profile_key(account));
        std::atomic<std::uint64_t> next = 2, known = 1;
        test::run_threads(4, [&](std::size_t thread) {
            for (int i = 0; i < 200; ++i) {
                if (thread == 0 && i == 50) servers.stop(stopped);
                if (thread == 0 && i == 60) servers.go_on(stopped);
                if (thread == 1 && i % 10 == 0) client.run(client.cluster().load());
                const auto number = next++;
                const bool sure = put(number);
                const auto before = known.load();
                const auto seen = client.run(reader.get(account, session), thread % 2).profile;
                if (seen) ASSERT_GE(seen->version, sure ? std::max(before, number) : before);
                if (seen) known = std::max(before, seen->version);
            }
        });
        EXPECT_TRUE(test::eventually([&] { return put(next); }));
    }
    servers.make_whole();
}

}  // namespace
}  // namespace userinfo::redis
