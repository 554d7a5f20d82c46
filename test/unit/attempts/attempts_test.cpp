#include "attempts/attempts.h"

#include "support/failure_of.h"
#include "support/service_fixture.h"

namespace userinfo {

namespace {

using namespace std::chrono_literals;
using namespace test;

constexpr auto wrong = "another phrase";

class attempts_test : public testing::Test {
protected:
    // The wait that the next log-in is told of; nothing if it is not told to wait.
    std::optional<std::chrono::seconds> told_to_wait(const std::string& email, const std::string& password = wrong) {
        const auto outcome = parts_.try_log_in(email, password);
        if (outcome || outcome.error().code != errc::too_many_attempts) return std::nullopt;
        return outcome.error().retry_after;
    }

    void fail(const std::string& email, int times) {
        for (int i = 0; i < times; ++i) EXPECT_EQ(failure_of(parts_.try_log_in(email, wrong)), errc::wrong_credentials);
    }

    service_fixture parts_;
    const uuid anna_ = parts_.register_account(anna);
};

TEST_F(attempts_test, five_failures_are_free) {
    fail(anna, 5);
    EXPECT_FALSE(told_to_wait(anna, good_password));
}

TEST_F(attempts_test, from_the_sixth_failure_on_the_wait_doubles_up_to_an_hour) {
    fail(anna, 6);
    for (auto wait = 1s; wait < 3600s; wait *= 2) {
        EXPECT_EQ(told_to_wait(anna), wait);
        parts_.clock.advance(wait);
        fail(anna, 1);
    }
    EXPECT_EQ(told_to_wait(anna), 3600s);
    parts_.clock.advance(1h);
    fail(anna, 1);
    EXPECT_EQ(told_to_wait(anna), 3600s);
}

TEST_F(attempts_test, even_the_right_password_has_to_wait) {
    fail(anna, 6);
    EXPECT_TRUE(told_to_wait(anna, good_password));
    parts_.clock.advance(1s);
    EXPECT_TRUE(parts_.try_log_in(anna));
}

TEST_F(attempts_test, an_attempt_that_has_to_wait_is_not_checked_and_not_counted) {
    fail(anna, 6);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(told_to_wait(anna), 1s);
    EXPECT_EQ(parts_.audits(audit_type::log_in).size(), 6u);
}

TEST_F(attempts_test, a_success_forgets_the_failures) {
    fail(anna, 5);
    parts_.log_in(anna);
    fail(anna, 5);
    EXPECT_FALSE(told_to_wait(anna, good_password));
}

TEST_F(attempts_test, a_success_forgets_even_a_single_failure) {
    fail(anna, 1);
    parts_.log_in(anna);
    fail(anna, 5);
    EXPECT_FALSE(told_to_wait(anna, good_password));
}

TEST_F(attempts_test, the_wait_is_told_in_seconds_and_never_too_short) {
    fail(anna, 6);
    parts_.clock.advance(500ms);
    EXPECT_EQ(told_to_wait(anna), 1s);
    parts_.clock.advance(499'999us);
    EXPECT_EQ(told_to_wait(anna), 1s);
}

TEST_F(attempts_test, an_unknown_account_is_limited_as_a_known_one) {
    fail(berta, 6);
    fail(anna, 6);
    EXPECT_EQ(told_to_wait(berta), told_to_wait(anna));
    EXPECT_EQ(parts_.try_log_in(berta).error().message, parts_.try_log_in(anna).error().message);
}

TEST_F(attempts_test, all_spellings_of_an_email_count_together) {
    fail("ANNA@example.org", 3);
    fail("anna@EXAMPLE.org", 3);
    EXPECT_TRUE(told_to_wait(anna));
    EXPECT_FALSE(told_to_wait(berta));
}

TEST_F(attempts_test, failures_are_recorded_and_the_wait_too) {
    fail(anna, 7 - 1);
    EXPECT_EQ(parts_.audits(audit_type::log_in).size(), 6u);
    const auto throttled = parts_.audits(audit_type::throttle);
    ASSERT_EQ(throttled.size(), 1u);
    EXPECT_FALSE(throttled[0].succeeded);
    EXPECT_EQ(throttled[0].subject, anna_);
    EXPECT_EQ(throttled[0].address, "192.0.2.1");
}

TEST_F(attempts_test, whoever_is_logged_in_is_limited_as_well) {
    const auto caller = parts_.owner_of(parts_.log_in(anna));
    const auto change = [&](const std::string& password) {
        return failure_of(
            run(parts_.accounts.change_password(parts_.request(), caller, password, "a new long phrase")));
    };
    const auto remove = [&] { return failure_of(run(parts_.accounts.remove(parts_.request(), caller, wrong))); };
    const auto prove = [&] { return failure_of(run(parts_.accounts.reauthenticate(parts_.request(), caller, wrong))); };
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(change(wrong), errc::wrong_password);
        EXPECT_EQ(remove(), errc::wrong_password);
        EXPECT_EQ(prove(), errc::wrong_password);
    }
    EXPECT_EQ(change(good_password), errc::too_many_attempts);
    EXPECT_EQ(remove(), errc::too_many_attempts);
    EXPECT_EQ(prove(), errc::too_many_attempts);
    EXPECT_TRUE(told_to_wait(anna)) << "it is one counter";
}

TEST_F(attempts_test, attempts_at_once_gain_nothing) {
    std::vector<task<result<token_grant>>> guesses;
    for (int i = 0; i < 40; ++i) {
        guesses.push_back([](service_fixture& parts) -> task<result<token_grant>> {
            co_return co_await parts.accounts.log_in(parts.request(), anna, wrong, transport::bearer);
        }(parts_));
    }
    std::size_t checked = 0;
    for (const auto& outcome : run_together(std::move(guesses))) {
        if (outcome.error().code == errc::wrong_credentials) ++checked;
    }
    EXPECT_GE(checked, 1u);
    EXPECT_LE(checked, 6u);
}

TEST_F(attempts_test, as_many_run_at_once_as_failures_are_free_and_not_one_more) {
    std::vector<attempts::attempt> running;
    for (int i = 0; i < 5; ++i) running.push_back(run(parts_.limits.begin(anna)).value());
    for (int i = 0; i < 2; ++i) {
        const auto refused = run(parts_.limits.begin(anna));
        ASSERT_EQ(failure_of(refused), errc::too_many_attempts);
        EXPECT_EQ(refused.error().retry_after, 1s);
    }
    EXPECT_TRUE(run(parts_.limits.begin(berta)));
    running.pop_back();
    EXPECT_TRUE(run(parts_.limits.begin(anna)));
}

TEST_F(attempts_test, earlier_failures_leave_room_for_fewer_at_once_but_always_for_one) {
    const auto begin = [&] { return run(parts_.limits.begin(anna)); };
    fail(anna, 3);
    {
        const auto first = begin();
        const auto second = begin();
        EXPECT_TRUE(first);
        EXPECT_TRUE(second);
        EXPECT_EQ(failure_of(begin()), errc::too_many_attempts);
    }
    fail(anna, 2);
    const auto only = begin();
    EXPECT_TRUE(only);
    EXPECT_EQ(failure_of(begin()), errc::too_many_attempts);
}

TEST_F(attempts_test, an_operator_unlocks) {
    fail(anna, 6);
    EXPECT_TRUE(run(parts_.operations.unlock(anna_, "cli:0")).value());
    EXPECT_FALSE(told_to_wait(anna, good_password));
    EXPECT_FALSE(run(parts_.operations.unlock(anna_, "cli:0")).value());
    const auto unlocked = parts_.audits(audit_type::unlock);
    ASSERT_EQ(unlocked.size(), 1u);
    EXPECT_EQ(unlocked[0].actor, "cli:0");
    EXPECT_EQ(unlocked[0].subject, anna_);
}

TEST_F(attempts_test, a_clock_that_was_set_back_makes_nobody_wait_longer) {
    fail(anna, 6);
    parts_.clock.advance(-24h);
    EXPECT_EQ(told_to_wait(anna), 1s);
}

TEST_F(attempts_test, after_a_clock_that_was_ahead_the_wait_counts_down_and_ends) {
    parts_.clock.advance(1h);
    fail(anna, 6);
    parts_.clock.advance(1s);
    fail(anna, 1);
    parts_.clock.advance(2s);
    fail(anna, 1);
    parts_.clock.advance(-1h);
    EXPECT_EQ(told_to_wait(anna), 4s);
    parts_.clock.advance(3s);
    EXPECT_EQ(told_to_wait(anna), 1s);
    parts_.clock.advance(1s);
    EXPECT_FALSE(told_to_wait(anna, good_password));
}

TEST_F(attempts_test, a_service_whose_clock_is_ahead_makes_nobody_wait_longer_at_another) {
    manual_clock ahead(parts_.clock.now() + 1h);
    attempts other({}, parts_.source_limits, parts_.store.throttle, parts_.internal, ahead, parts_.figures);
    const auto fail_there = [&] {
        auto attempt = run(other.begin(anna));
        ASSERT_TRUE(attempt);
        const audit_event failed{.type = audit_type::log_in, .succeeded = false, .at = ahead.now()};
        ASSERT_TRUE(run(attempt->fail(failed)));
    };
    for (int i = 0; i < 5; ++i) fail_there();
    for (auto wait = 1s; wait <= 16s; wait *= 2) {
        fail_there();
        EXPECT_EQ(told_to_wait(anna), wait);
        ahead.advance(wait);
        parts_.clock.advance(wait);
    }
    EXPECT_FALSE(told_to_wait(anna, good_password));
}

TEST_F(attempts_test, an_attempt_that_need_not_wait_writes_nothing_to_begin) {
    fail(anna, 3);
    parts_.clock.advance(-1h);
    sql::sqlite_connection db(parts_.file, sql::sqlite_connection::access::read);
    const auto version = [&] { return db.query_one("PRAGMA data_version")->integer(0); };
    const auto before = version();
    EXPECT_TRUE(run(parts_.limits.begin(anna)));
    EXPECT_EQ(version(), before);
}

TEST_F(attempts_test, outlive_the_program) {
    fail(anna, 6);
    memory::memory_source_limits sources({}, 10, parts_.clock);
    attempts restarted({}, sources, parts_.store.throttle, parts_.internal, parts_.clock, parts_.figures);
    EXPECT_EQ(failure_of(run(restarted.begin(anna))), errc::too_many_attempts);
}

TEST_F(attempts_test, refusals_are_counted) {
    fail(anna, 6);
    told_to_wait(anna);
    EXPECT_NE(parts_.figures.text().find("userinfo_attempts_refused_total{by=\"identifier\"} 1\n"), std::string::npos);
}

TEST(attempts, of_one_source_are_limited) {
    service_fixture parts(
        {.sources = {.checks = {.per_minute = 30, .burst = 2}, .registers = {.per_minute = 10, .burst = 1}}});
    parts.register_account(anna);
    const auto second = run(parts.accounts.create(parts.request(), berta, good_password, "register"));
    EXPECT_EQ(failure_of(second), errc::too_many_attempts);
    EXPECT_EQ(second.error().retry_after, 6s);

    parts.log_in(anna);
    EXPECT_FALSE(parts.try_log_in(berta, wrong));
    const auto third = parts.try_log_in(anna);
    EXPECT_EQ(failure_of(third), errc::too_many_attempts);
    EXPECT_EQ(third.error().retry_after, 2s);
    auto elsewhere = parts.request();
    elsewhere.address = "192.0.2.2";
    EXPECT_TRUE(run(parts.accounts.log_in(elsewhere, anna, good_password, transport::bearer)));
}

TEST(attempts, all_addresses_of_one_subscriber_are_one_source) {
    service_fixture parts({.sources = {.checks = {.per_minute = 30, .burst = 1}}});
    const auto admitted_from = [&](const char* address) {
        auto call = parts.request();
        call.address = address;
        return run(parts.limits.admit(call, source_action::check_password)).has_value();
    };
    EXPECT_TRUE(admitted_from("2001:db8:1:2::1"));
    EXPECT_FALSE(admitted_from("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    EXPECT_TRUE(admitted_from("2001:db8:1:3::1"));
}

TEST(attempts, what_is_malformed_costs_none) {
    service_fixture parts(
        {.sources = {.checks = {.per_minute = 1, .burst = 1}, .registers = {.per_minute = 1, .burst = 1}}});
    EXPECT_EQ(failure_of(run(parts.accounts.create(parts.request(), "nonsense", good_password, "register"))),
              errc::invalid_argument);
    EXPECT_EQ(failure_of(run(parts.accounts.create(parts.request(), anna, "password1", "register"))),
              errc::invalid_argument);
    EXPECT_EQ(failure_of(parts.try_log_in("nonsense")), errc::invalid_argument);
    parts.register_account(anna);
    EXPECT_TRUE(parts.try_log_in(anna));
}

TEST(attempts, that_have_to_wait_are_not_hashed) {
    service_fixture parts(
        {.sources = {.checks = {.per_minute = 1, .burst = 1}, .registers = {.per_minute = 1, .burst = 1}}});
    parts.register_account(anna);
    parts.log_in(anna);
    const auto hashed = [&] {
        const auto text = parts.figures.text();
        const std::string name = "userinfo_password_hash_seconds_count ";
        return text.substr(text.find(name), text.find('\n', text.find(name)) - text.find(name));
    };
    const auto before = hashed();
    EXPECT_EQ(failure_of(parts.try_log_in(anna)), errc::too_many_attempts);
    EXPECT_EQ(failure_of(run(parts.accounts.create(parts.request(), berta, good_password, "register"))),
              errc::too_many_attempts);
    EXPECT_EQ(hashed(), before);
}

}  // namespace

}  // namespace userinfo
