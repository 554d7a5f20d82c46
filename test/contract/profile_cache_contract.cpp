#include <thread>

#include "contract/caches.h"

namespace userinfo::test {

namespace {

using namespace std::chrono_literals;

class profile_cache_contract : public cache_contract {
protected:
    static profile_ptr version(std::uint64_t number, const std::string& username = "Anna") {
        profile value;
        value.username = username;
        return std::make_shared<versioned_profile>(versioned_profile{.version = number, .value = value});
    }
    static profile_ptr absent(std::uint64_t number) {
        return std::make_shared<versioned_profile>(versioned_profile{.version = number, .value = {}});
    }

    void put(const profile_ptr& entry) { EXPECT_TRUE(run(cache_.put(account_, entry))); }
    profile_ptr get(const uuid& account) { return run(caches_->accounts().get(account, session_)).profile; }
    profile_ptr get() { return get(account_); }

    // 0: not known.
    std::uint64_t known_version() {
        const auto found = get();
        return found ? found->version : 0;
    }

    profile_cache& cache_ = caches_->profiles();
    const uuid account_ = uuid::random(), session_ = uuid::random();
};

INSTANTIATE_TEST_SUITE_P(, profile_cache_contract, testing::ValuesIn(all_caches()), name_of_cache);

TEST_P(profile_cache_contract, knows_nothing_at_first) { EXPECT_EQ(get(), nullptr); }

TEST_P(profile_cache_contract, gives_back_what_was_put) {
    put(version(3, "Berta"));
    ASSERT_NE(get(), nullptr);
    EXPECT_EQ(get()->version, 3u);
    EXPECT_EQ(get()->value->username, "Berta");
    EXPECT_EQ(get(uuid::random()), nullptr);
}

TEST_P(profile_cache_contract, replaces_an_entry_only_by_a_higher_version) {
    put(version(3, "three"));
    put(version(2, "two"));
    EXPECT_EQ(get()->value->username, "three");
    put(version(3, "another three"));
    EXPECT_EQ(get()->value->username, "three");
    put(absent(0));
    EXPECT_EQ(known_version(), 3u);
    put(version(4, "four"));
    EXPECT_EQ(get()->value->username, "four");
}

TEST_P(profile_cache_contract, a_tombstone_is_an_entry) {
    put(version(3));
    put(absent(4));
    EXPECT_EQ(known_version(), 4u);
    EXPECT_FALSE(get()->value);
    put(version(3));
    EXPECT_EQ(known_version(), 4u);
}

TEST_P(profile_cache_contract, keeps_an_entry_for_sixty_to_ninety_seconds) {
    put(version(3));
    caches_->let_pass(60s - caches_->resolution());
    EXPECT_EQ(known_version(), 3u);
    caches_->let_pass(30s + caches_->resolution());
    EXPECT_EQ(get(), nullptr);
}

TEST_P(profile_cache_contract, a_lower_put_does_not_lengthen_an_entrys_life) {
    put(version(3));
    caches_->let_pass(59s);
    put(version(2));
    put(version(3));
    caches_->let_pass(31s + 1us);
    EXPECT_EQ(get(), nullptr);
}

TEST_P(profile_cache_contract, keeps_version_zero_for_five_seconds) {
    put(absent(0));
    ASSERT_NE(get(), nullptr);
    EXPECT_FALSE(get()->value);
    caches_->let_pass(5s);
    EXPECT_EQ(get(), nullptr);
}

TEST_P(profile_cache_contract, the_first_version_replaces_version_zero) {
    put(absent(0));
    put(version(1));
    EXPECT_EQ(known_version(), 1u);
    caches_->let_pass(6s);
    EXPECT_EQ(known_version(), 1u);
}

TEST_P(profile_cache_contract, takes_any_version_after_an_entry_has_expired) {
    put(version(3));
    caches_->let_pass(90s + 1us);
    put(version(2));
    EXPECT_EQ(known_version(), 2u);
}

TEST_P(profile_cache_contract, keeps_the_highest_of_racing_puts) {
    std::vector<std::thread> threads;
    for (std::uint64_t t = 0; t < 4; ++t) {
        threads.emplace_back([this, t] {
            std::uint64_t last = 0;
            for (std::uint64_t i = 1; i <= 500; ++i) {
                put(version(i * 4 - t));
                const auto seen = known_version();
                EXPECT_GE(seen, last);
                last = seen;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(known_version(), 2000u);
}

}  // namespace

}  // namespace userinfo::test
