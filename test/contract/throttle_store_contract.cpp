#include <set>

#include "attempts/throttle_store.h"
#include "contract/stores.h"

namespace userinfo::test {

namespace {

using namespace std::chrono_literals;

constexpr throttle_rule rule{.free_failures = 2, .first_delay = 10s, .longest_delay = 40s};

class throttle_store_contract : public store_contract {
protected:
    static throttle_key key(std::uint8_t byte) {
        throttle_key key{.kind = throttle_kind::identifier, .mac = {}};
        key.mac.fill(byte);
        return key;
    }

    throttle_state fail(const throttle_key& key) {
        auto failed = audit(audit_type::log_in);
        failed.succeeded = false;
        return run(throttle_.add_failure(key, rule, failed)).value();
    }

    throttle_state find(const throttle_key& key) { return run(throttle_.find(key)).value(); }

    throttle_store& throttle_ = stores_->throttle();
};

TEST_P(throttle_store_contract, knows_no_failures_of_an_unknown_key) {
    EXPECT_EQ(find(key(1)).failures, 0u);
    EXPECT_LE(find(key(1)).blocked_until, clock_.now());
}

TEST_P(throttle_store_contract, counts_failures_for_each_key_and_delays_by_the_rule) {
    for (const auto delay : {0s, 0s, 10s, 20s, 40s, 40s}) EXPECT_EQ(fail(key(1)).blocked_until, clock_.now() + delay);
    EXPECT_EQ(find(key(1)).failures, 6u);
    EXPECT_EQ(find(key(1)).blocked_until, clock_.now() + 40s);
    EXPECT_EQ(find(key(2)).failures, 0u);
}

TEST_P(throttle_store_contract, records_each_failure_and_each_delay) {
    for (int i = 0; i < 4; ++i) fail(key(1));
    EXPECT_EQ(stores_->count_audits(audit_type::log_in), 4u);
    EXPECT_EQ(stores_->count_audits(audit_type::throttle), 2u);
}

TEST_P(throttle_store_contract, counts_failures_that_come_at_once) {
    std::vector<task<result<throttle_state>>> failures;
    const auto event = audit(audit_type::log_in);
    for (int i = 0; i < 32; ++i) failures.push_back(throttle_.add_failure(key(1), rule, event));
    std::set<std::size_t> counts;
    for (const auto& state : run_together(std::move(failures))) counts.insert(state.value().failures);
    EXPECT_EQ(counts.size(), 32u);
    EXPECT_EQ(find(key(1)).failures, 32u);
}

TEST_P(throttle_store_contract, forgets_a_key_that_is_cleared) {
    fail(key(1));
    fail(key(2));
    EXPECT_TRUE(run(throttle_.clear(key(1))));
    EXPECT_EQ(find(key(1)).failures, 0u);
    EXPECT_EQ(find(key(2)).failures, 1u);
    EXPECT_TRUE(run(throttle_.clear(key(1)))) << "twice is no error";
}

TEST_P(throttle_store_contract, records_an_unlocking_if_there_was_something_to_unlock) {
    EXPECT_FALSE(run(throttle_.unlock(key(1), audit(audit_type::unlock))).value());
    fail(key(1));
    EXPECT_TRUE(run(throttle_.unlock(key(1), audit(audit_type::unlock))).value());
    EXPECT_EQ(find(key(1)).failures, 0u);
    EXPECT_EQ(stores_->count_audits(audit_type::unlock), 1u);
}

TEST_P(throttle_store_contract, purges_what_is_old_and_nobody_waits_for) {
    fail(key(1));
    for (int i = 0; i < 4; ++i) fail(key(2));
    clock_.advance(15s);
    fail(key(3));
    EXPECT_TRUE(run(throttle_.purge(clock_.now(), clock_.now())));
    EXPECT_EQ(find(key(1)).failures, 0u);
    EXPECT_EQ(find(key(2)).failures, 4u) << "its delay goes on";
    EXPECT_EQ(find(key(3)).failures, 1u);
}

TEST_P(throttle_store_contract, keeps_the_times_of_the_first_and_the_last_failure) {
    const auto begin = clock_.now();
    fail(key(1));
    clock_.advance(15s);
    EXPECT_EQ(fail(key(1)), find(key(1)));
    EXPECT_EQ(find(key(1)).first_at, begin);
    EXPECT_EQ(find(key(1)).last_at, clock_.now());
}

TEST_P(throttle_store_contract, shortens_for_good_what_a_clock_that_was_ahead_has_left) {
    clock_.advance(1h);
    for (int i = 0; i < 4; ++i) fail(key(1));
    clock_.advance(-1h);
    const auto shortened = run(throttle_.shorten(key(1), rule, clock_.now())).value();
    EXPECT_EQ(shortened.failures, 4u);
    EXPECT_EQ(shortened.blocked_until, clock_.now() + 20s);
    EXPECT_EQ(find(key(1)), shortened);
    clock_.advance(1s);
    EXPECT_EQ(run(throttle_.shorten(key(1), rule, clock_.now())).value(), shortened) << "it is right by now";
    EXPECT_EQ(run(throttle_.shorten(key(2), rule, clock_.now())).value(), throttle_state());
    EXPECT_EQ(find(key(2)), throttle_state());
}

TEST_P(throttle_store_contract, a_purge_moves_what_lies_ahead_so_that_it_is_forgotten_in_time) {
    clock_.advance(24h * 365);
    for (int i = 0; i < 4; ++i) fail(key(1));
    clock_.advance(-24h * 365);
    fail(key(2));
    const auto other = find(key(2));
    EXPECT_TRUE(run(throttle_.purge(clock_.now() - 24h, clock_.now())));
    EXPECT_EQ(find(key(1)).last_at, clock_.now());
    EXPECT_EQ(find(key(1)).blocked_until, clock_.now() + 20s);
    EXPECT_EQ(find(key(2)), other);
    clock_.advance(24h + 21s);
    EXPECT_TRUE(run(throttle_.purge(clock_.now() - 24h, clock_.now())));
    EXPECT_EQ(find(key(1)), throttle_state());
}

TEST_P(throttle_store_contract, tells_a_device_from_an_identifier) {
    auto device = key(1);
    device.kind = throttle_kind::device;
    fail(key(1));
    EXPECT_EQ(find(device), throttle_state());
    fail(device);
    fail(device);
    EXPECT_EQ(find(key(1)).failures, 1U);
    EXPECT_TRUE(run(throttle_.clear(key(1))));
    EXPECT_EQ(find(device).failures, 2U);
}

INSTANTIATE_TEST_SUITE_P(, throttle_store_contract, testing::ValuesIn(all_stores()), name_of);

}  // namespace

}  // namespace userinfo::test
