#include "contract/caches.h"

namespace userinfo::test {

namespace {

using namespace std::chrono_literals;

class session_cache_contract : public cache_contract {
protected:
    known_session known() { return run(cache_.get(account_, session_)); }
    std::optional<cached_session> get() { return known().state; }
    void put_live(std::chrono::seconds lifetime) {
        run(cache_.put_live(account_, session_, caches_->now() + lifetime));
    }
    void put_arrived(std::uint64_t generation, std::chrono::seconds lifetime = 60s) {
        run(cache_.put_arrived(account_, session_, generation, caches_->now() + lifetime));
    }
    bool put_revoked(std::chrono::seconds lifetime) {
        return run(cache_.put_revoked(account_, session_, caches_->now() + lifetime));
    }

    session_cache& cache_ = caches_->sessions();
    uuid account_ = uuid::random();
    uuid session_ = uuid::random();
};

INSTANTIATE_TEST_SUITE_P(, session_cache_contract, testing::ValuesIn(all_caches()), name_of_cache);

TEST_P(session_cache_contract, knows_nothing_at_first) { EXPECT_EQ(get(), std::nullopt); }

TEST_P(session_cache_contract, knows_a_live_session_until_its_token_expires) {
    put_live(60s);
    EXPECT_EQ(get(), cached_session::live);
    EXPECT_EQ(run(cache_.get(account_, uuid::random())).state, std::nullopt);
    caches_->let_pass(60s);
    EXPECT_EQ(get(), std::nullopt);
}

TEST_P(session_cache_contract, revoked_replaces_live) {
    put_live(60s);
    EXPECT_TRUE(put_revoked(60s));
    EXPECT_EQ(get(), cached_session::revoked);
}

TEST_P(session_cache_contract, live_never_replaces_revoked) {
    put_revoked(60s);
    put_live(120s);
    EXPECT_EQ(get(), cached_session::revoked);
    caches_->let_pass(59s);
    put_live(60s);
    EXPECT_EQ(get(), cached_session::revoked);
}

TEST_P(session_cache_contract, revoked_outlasts_the_live_entry_that_it_replaces) {
    put_live(120s);
    put_revoked(60s);
    caches_->let_pass(90s);
    EXPECT_NE(get(), cached_session::live);
}

TEST_P(session_cache_contract, a_token_renewed_lengthens_the_entry) {
    put_live(60s);
    put_live(120s);
    put_live(30s);
    caches_->let_pass(100s);
    EXPECT_EQ(get(), cached_session::live);
}

TEST_P(session_cache_contract, what_has_arrived_only_rises) {
    EXPECT_EQ(known().arrived, 1u);
    put_arrived(3);
    EXPECT_EQ(known().arrived, 3u);
    put_arrived(2);
    EXPECT_EQ(known().arrived, 3u);
    put_arrived(4);
    EXPECT_EQ(known().arrived, 4u);
    EXPECT_EQ(run(cache_.get(account_, uuid::random())).arrived, 1u);
}

TEST_P(session_cache_contract, what_has_arrived_and_the_state_do_not_touch_each_other) {
    put_arrived(3);
    EXPECT_EQ(get(), std::nullopt);
    put_live(60s);
    EXPECT_EQ(get(), cached_session::live);
    EXPECT_EQ(known().arrived, 3u);
    put_revoked(60s);
    put_arrived(4);
    EXPECT_EQ(get(), cached_session::revoked);
    EXPECT_EQ(known().arrived, 4u);
}

TEST_P(session_cache_contract, a_state_lives_no_longer_because_something_arrived) {
    put_arrived(3, 120s);
    put_live(60s);
    put_arrived(4, 120s);
    caches_->let_pass(60s);
    EXPECT_EQ(get(), std::nullopt);
}

TEST_P(session_cache_contract, what_has_arrived_is_kept_until_its_token_expires) {
    put_arrived(3, 60s);
    caches_->let_pass(60s);
    EXPECT_EQ(known().arrived, 1u);
    put_arrived(3, 0s);
    EXPECT_EQ(known().arrived, 1u);
}

TEST_P(session_cache_contract, does_not_keep_what_has_expired) {
    put_live(0s);
    EXPECT_EQ(get(), std::nullopt);
}

}  // namespace

}  // namespace userinfo::test
