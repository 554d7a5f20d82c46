#include "contract/caches.h"

namespace userinfo::test {

namespace {

using namespace std::chrono_literals;

class account_cache_contract : public cache_contract {
protected:
    cached_account get() { return run(caches_->accounts().get(account_, session_)); }
    void put_profile() {
        profile value;
        value.username = "Anna";
        EXPECT_TRUE(run(caches_->profiles().put(
            account_, std::make_shared<versioned_profile>(versioned_profile{.version = 3, .value = value}))));
    }

    const uuid account_ = uuid::random(), session_ = uuid::random();
};

TEST_P(account_cache_contract, knows_nothing_at_first) {
    EXPECT_EQ(get().session.state, std::nullopt);
    EXPECT_EQ(get().session.arrived, 1u);
    EXPECT_EQ(get().profile, nullptr);
}

TEST_P(account_cache_contract, answers_for_the_session_and_the_profile_at_once) {
    put_profile();
    run(caches_->sessions().put_live(account_, session_, caches_->now() + 60s));
    run(caches_->sessions().put_arrived(account_, session_, 3, caches_->now() + 60s));
    const auto found = get();
    EXPECT_EQ(found.session.arrived, 3u);
    EXPECT_EQ(found.session.state, cached_session::live);
    ASSERT_NE(found.profile, nullptr);
    EXPECT_EQ(found.profile->version, 3u);
    EXPECT_EQ(found.profile->value->username, "Anna");
}

TEST_P(account_cache_contract, may_know_one_and_not_the_other) {
    run(caches_->sessions().put_revoked(account_, session_, caches_->now() + 60s));
    EXPECT_EQ(get().session.state, cached_session::revoked);
    EXPECT_EQ(get().profile, nullptr);
    put_profile();
    const auto other = run(caches_->accounts().get(account_, uuid::random()));
    EXPECT_EQ(other.session.state, std::nullopt);
    EXPECT_NE(other.profile, nullptr);
}

INSTANTIATE_TEST_SUITE_P(, account_cache_contract, testing::ValuesIn(all_caches()), name_of_cache);

}  // namespace

}  // namespace userinfo::test
