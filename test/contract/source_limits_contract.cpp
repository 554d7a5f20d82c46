#include "attempts/source_limits.h"
#include "contract/caches.h"

namespace userinfo::test {

namespace {

using namespace std::chrono_literals;

// caches::source_limits() has checks at 60 a minute with a burst of 3, registers at 6 a minute with a burst of 1.
class source_limits_contract : public cache_contract {
protected:
    std::optional<std::chrono::microseconds> check(const std::string& source) {
        return run(limits_.take(source_action::check_password, source));
    }
    std::optional<std::chrono::microseconds> register_account(const std::string& source) {
        return run(limits_.take(source_action::register_account, source));
    }

    source_limits& limits_ = caches_->source_limits();
};

TEST_P(source_limits_contract, lets_a_burst_through_and_then_says_how_long_to_wait) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(check("a"), std::nullopt);
    const auto wait = check("a");
    ASSERT_TRUE(wait);
    EXPECT_GT(*wait, 0s);
    EXPECT_LE(*wait, 1s);
}

TEST_P(source_limits_contract, whoever_waits_as_told_may_go_on) {
    for (int i = 0; i < 3; ++i) check("a");
    caches_->let_pass(*check("a"));
    EXPECT_EQ(check("a"), std::nullopt);
    EXPECT_TRUE(check("a"));
}

TEST_P(source_limits_contract, being_refused_costs_nothing) {
    for (int i = 0; i < 3; ++i) check("a");
    const auto wait = *check("a");
    for (int i = 0; i < 20; ++i) EXPECT_LE(*check("a"), wait);
}

TEST_P(source_limits_contract, a_bucket_holds_no_more_than_its_burst) {
    check("a");
    caches_->let_pass(1h);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(check("a"), std::nullopt);
    EXPECT_TRUE(check("a"));
}

TEST_P(source_limits_contract, sources_and_actions_have_buckets_of_their_own) {
    for (int i = 0; i < 3; ++i) check("a");
    EXPECT_EQ(check("b"), std::nullopt);
    EXPECT_EQ(register_account("a"), std::nullopt);
    const auto wait = register_account("a");
    ASSERT_TRUE(wait);
    EXPECT_GT(*wait, 5s);
    EXPECT_LE(*wait, 10s);
}

TEST_P(source_limits_contract, takes_that_come_at_once_get_no_more_than_the_burst) {
    std::vector<task<std::optional<std::chrono::microseconds>>> takes;
    for (int i = 0; i < 40; ++i) takes.push_back(limits_.take(source_action::check_password, "a"));
    std::size_t passed = 0;
    for (const auto& wait : run_together(std::move(takes))) passed += wait ? 0 : 1;
    EXPECT_EQ(passed, 3u);
}

INSTANTIATE_TEST_SUITE_P(, source_limits_contract, testing::ValuesIn(all_caches()), name_of_cache);

}  // namespace

}  // namespace userinfo::test
