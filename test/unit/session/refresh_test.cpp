#include <atomic>
#include <set>

#include "base/base64.h"
#include "base/timer.h"
#include "support/failure_of.h"
#include "support/forwarding_session_store.h"
#include "support/service_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

class refresh_test : public testing::Test {
protected:
    token_grant refreshed(const token_grant& grant) { return parts_.refresh(grant).value(); }
    bool is_refused(const token_grant& grant) { return failure_of(parts_.refresh(grant)) == errc::invalid_token; }
    std::size_t reuses() const { return parts_.audits(audit_type::refresh_reuse).size(); }

    service_fixture parts_;
    const uuid account_ = parts_.register_account(anna);
    const token_grant first_ = parts_.log_in(anna);
};

TEST_F(refresh_test, gives_the_next_tokens_of_the_same_session) {
    parts_.clock.advance(10min);
    const auto second = refreshed(first_);
    EXPECT_NE(second.refresh_token, first_.refresh_token);
    EXPECT_EQ(parts_.owner_of(second).session, parts_.owner_of(first_).session);
    EXPECT_EQ(parts_.owner_of(second).auth_time, parts_.owner_of(first_).auth_time);
    EXPECT_TRUE(parts_.is_accepted(second));
    parts_.clock.advance(10min);
    EXPECT_FALSE(parts_.is_accepted(first_));
    EXPECT_TRUE(parts_.is_accepted(second));
}

TEST_F(refresh_test, the_immediate_predecessor_gets_the_same_successor_for_30_s) {
    const auto second = refreshed(first_);
    for (const auto wait : {0s, 29s, 1s}) {
        parts_.clock.advance(wait);
        EXPECT_EQ(refreshed(first_).refresh_token, second.refresh_token);
    }
    EXPECT_EQ(parts_.audits(audit_type::refresh).size(), 1u);
    EXPECT_NE(refreshed(second).refresh_token, second.refresh_token);
}

TEST_F(refresh_test, a_client_that_lost_the_reply_gets_the_same_successor_however_late_it_asks) {
    const auto second = refreshed(first_);
    for (const auto wait : {1min, 60min, 24 * 60min}) {
        parts_.clock.advance(wait);
        const auto again = refreshed(first_);
        EXPECT_EQ(again.refresh_token, second.refresh_token);
        EXPECT_EQ(parts_.owner_of(again).session, parts_.owner_of(first_).session);
    }
    EXPECT_EQ(parts_.audits(audit_type::refresh).size(), 1u);
    EXPECT_EQ(reuses(), 0u);
    const auto repeats = parts_.audits(audit_type::refresh_repeated);
    ASSERT_EQ(repeats.size(), 3u);
    EXPECT_TRUE(repeats[0].succeeded);
    EXPECT_EQ(repeats[0].address, "192.0.2.1 (rotated at 192.0.2.1)");
    EXPECT_EQ(repeats[0].session, log_label(parts_.owner_of(first_).session.view()));
    EXPECT_TRUE(parts_.is_accepted(refreshed(second)));
}

TEST_F(refresh_test, the_immediate_predecessor_ends_the_session_once_its_successor_has_been_in_use_for_30_s) {
    const auto second = refreshed(first_);
    parts_.clock.advance(5min);
    EXPECT_TRUE(parts_.is_accepted(second));
    parts_.clock.advance(30s);
    EXPECT_EQ(refreshed(first_).refresh_token, second.refresh_token);
    parts_.clock.advance(1us);
    EXPECT_TRUE(is_refused(first_));
    ASSERT_EQ(reuses(), 1u);
    const auto record = parts_.audits(audit_type::refresh_reuse).at(0);
    EXPECT_FALSE(record.succeeded);
    EXPECT_EQ(record.session, log_label(parts_.owner_of(first_).session.view()));
    EXPECT_TRUE(is_refused(second));
    EXPECT_FALSE(parts_.is_accepted(second));
    EXPECT_TRUE(parts_.revoked.contains(parts_.owner_of(first_).session));
}

TEST_F(refresh_test, a_thief_who_refreshes_in_lock_step_with_the_owner_is_found_at_the_second_use) {
    const auto thief = refreshed(first_);
    parts_.clock.advance(1min);
    const auto owner = refreshed(first_);
    EXPECT_EQ(owner.refresh_token, thief.refresh_token);
    EXPECT_TRUE(parts_.is_accepted(thief));
    EXPECT_TRUE(parts_.is_accepted(owner));
    parts_.clock.advance(15min);
    const auto third = refreshed(thief);
    EXPECT_TRUE(parts_.is_accepted(third));
    parts_.clock.advance(1min);
    EXPECT_TRUE(is_refused(owner));
    EXPECT_FALSE(parts_.is_accepted(third));
    EXPECT_EQ(reuses(), 1u);
}

TEST_F(refresh_test, a_thief_who_refreshes_first_is_found_when_the_owner_does) {
    const auto stolen = refreshed(first_);
    parts_.clock.advance(1min);
    EXPECT_TRUE(parts_.is_accepted(stolen));
    parts_.clock.advance(14min);
    EXPECT_TRUE(is_refused(first_));
    EXPECT_TRUE(is_refused(stolen));
    EXPECT_EQ(reuses(), 1u);
}

TEST_F(refresh_test, the_gateways_own_call_after_a_renewal_proves_nothing) {
    const auto second = refreshed(first_);
    auto call = parts_.request(second.access_token);
    call.renewed = true;
    ASSERT_TRUE(run(parts_.check.authenticate(call)));
    parts_.clock.advance(10min);
    EXPECT_EQ(refreshed(first_).refresh_token, second.refresh_token);
}

TEST_F(refresh_test, a_token_made_without_a_rotation_tells_the_generation_that_was_shown) {
    parts_.clock.advance(10s);
    const auto second = refreshed(first_);
    const auto again = run(parts_.sessions.reauthenticate(parts_.request(), parts_.owner_of(first_))).value();
    EXPECT_EQ(parts_.owner_of(again).generation, 1u);
    EXPECT_TRUE(parts_.is_accepted(again));
    parts_.clock.advance(10min);
    EXPECT_EQ(refreshed(first_).refresh_token, second.refresh_token) << "the client may never have got it";
}

TEST_F(refresh_test, the_twenty_first_late_repeat_ends_the_session) {
    const auto second = refreshed(first_);
    parts_.clock.advance(31s);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(refreshed(first_).refresh_token, second.refresh_token) << i;
    EXPECT_TRUE(is_refused(first_));
    EXPECT_TRUE(is_refused(second));
    EXPECT_EQ(parts_.audits(audit_type::refresh_repeated).size(), 20u);
    ASSERT_EQ(reuses(), 1u);
    EXPECT_EQ(parts_.audits(audit_type::refresh_reuse).at(0).reason, "repeated_too_often");
}

// Rotates when so many have come.
class crowded_session_store final : public forwarding_session_store {
public:
    crowded_session_store(session_store& next, int crowd) : forwarding_session_store(next), missing_(crowd) {}

    task<result<std::optional<session>>> find_live(uuid id, timestamp now) override {
        auto found = co_await forwarding_session_store::find_live(id, now);
        --missing_;
        co_return found;
    }
    task<result<rotation>> rotate(const rotation_request& request, const audit_event& audit) override {
        while (missing_ > 0) co_await sleep_until(std::chrono::steady_clock::now() + 1ms);
        co_return co_await forwarding_session_store::rotate(request, audit);
    }

private:
    std::atomic<int> missing_;
};

TEST_F(refresh_test, what_a_browser_repeats_at_once_uses_up_few_repeats) {
    const auto second = refreshed(first_);
    parts_.clock.advance(1h);
    crowded_session_store store(parts_.store.sessions, 64);
    sessions crowded({}, store, parts_.revoked, parts_.access, parts_.refresh_keys, parts_.clock);
    const auto call = parts_.request();
    std::vector<task<result<token_grant>>> all;
    for (int i = 0; i < 64; ++i) all.push_back(crowded.refresh(call, first_.refresh_token, first_.transport));
    for (const auto& outcome : run_together(std::move(all))) {
        ASSERT_TRUE(outcome) << outcome.error().message;
        EXPECT_EQ(outcome->refresh_token, second.refresh_token);
    }
    EXPECT_GE(parts_.audits(audit_type::refresh_repeated).size(), 1u);
    EXPECT_LE(parts_.audits(audit_type::refresh_repeated).size(), 10u);
    EXPECT_EQ(reuses(), 0u);
}

TEST_F(refresh_test, an_older_one_is_refused_just_after_a_rotation_and_ends_nothing) {
    const auto second = refreshed(first_);
    const auto third = refreshed(second);
    parts_.clock.advance(30s);
    const auto refused = parts_.refresh(first_);
    ASSERT_EQ(failure_of(refused), errc::invalid_token);
    EXPECT_EQ(refused.error().reason, superseded_token);
    EXPECT_EQ(reuses(), 0u);
    EXPECT_TRUE(parts_.is_accepted(third));
    EXPECT_TRUE(parts_.refresh(third));
}

TEST_F(refresh_test, an_older_one_ends_the_session_later) {
    const auto second = refreshed(first_);
    const auto third = refreshed(second);
    parts_.clock.advance(30s + 1us);
    const auto refused = parts_.refresh(first_);
    ASSERT_EQ(failure_of(refused), errc::invalid_token);
    EXPECT_EQ(refused.error().reason, "");
    EXPECT_EQ(reuses(), 1u);
    EXPECT_TRUE(is_refused(third));
    EXPECT_FALSE(parts_.is_accepted(third));
}

TEST_F(refresh_test, of_many_at_once_all_get_the_same_successor) {
    const auto call = parts_.request();
    std::vector<task<result<token_grant>>> all;
    for (int i = 0; i < 20; ++i) all.push_back(parts_.sessions.refresh(call, first_.refresh_token, first_.transport));
    std::set<std::string> successors;
    for (const auto& outcome : run_together(std::move(all))) successors.insert(outcome.value().refresh_token);
    EXPECT_EQ(successors.size(), 1u);
    EXPECT_EQ(reuses(), 0u);
}

TEST_F(refresh_test, a_token_of_another_transport_is_refused_and_touches_nothing) {
    const auto outcome = run(parts_.sessions.refresh(parts_.request(), first_.refresh_token, transport::cookie));
    EXPECT_EQ(failure_of(outcome), errc::invalid_token);
    EXPECT_TRUE(parts_.refresh(first_));
}

TEST_F(refresh_test, a_wrong_mac_touches_nothing) {
    const auto second = refreshed(first_);
    const auto third = refreshed(second);
    parts_.clock.advance(1min);
    for (const auto& used : {first_, second, third}) {
        auto forged = used;
        forged.refresh_token.back() = forged.refresh_token.back() == 'A' ? 'B' : 'A';
        EXPECT_TRUE(is_refused(forged));
    }
    EXPECT_EQ(reuses(), 0u);
    EXPECT_TRUE(parts_.is_accepted(third));
    EXPECT_TRUE(parts_.refresh(third));
}

TEST_F(refresh_test, what_is_no_token_is_refused) {
    for (const auto& text : {std::string(), std::string("token"), std::string(76, 'A'), first_.access_token}) {
        EXPECT_EQ(failure_of(run(parts_.sessions.refresh(parts_.request(), text, transport::bearer))),
                  errc::invalid_token);
    }
}

TEST_F(refresh_test, there_is_no_grace_after_log_out) {
    const auto second = refreshed(first_);
    ASSERT_TRUE(run(parts_.sessions.log_out(parts_.request(), second.refresh_token)));
    EXPECT_TRUE(is_refused(first_));
    EXPECT_TRUE(is_refused(second));
    EXPECT_EQ(reuses(), 0u);
}

TEST_F(refresh_test, a_session_ends_14_days_after_its_last_use) {
    parts_.clock.advance(14 * 24h - 1us);
    const auto second = refreshed(first_);
    parts_.clock.advance(14 * 24h);
    EXPECT_TRUE(is_refused(second));
}

TEST_F(refresh_test, a_session_ends_30_days_after_log_in_however_often_it_is_used) {
    auto latest = first_;
    for (int day = 1; day < 30; ++day) {
        parts_.clock.advance(24h);
        latest = refreshed(latest);
    }
    EXPECT_EQ(latest.refresh_lifetime, 24h);
    parts_.clock.advance(24h);
    EXPECT_TRUE(is_refused(latest));
}

TEST_F(refresh_test, no_access_token_outlives_its_session) {
    parts_.clock.advance(10 * 24h);
    const auto second = refreshed(first_);
    parts_.clock.advance(13 * 24h);
    auto latest = refreshed(second);
    parts_.clock.advance(7 * 24h - 5min - 300ms);
    latest = refreshed(latest);
    EXPECT_LE(latest.access_lifetime, 5min + 1s);
    parts_.clock.advance(5min - 1s);
    EXPECT_TRUE(parts_.is_accepted(latest));
    parts_.clock.advance(1s + 300ms);
    EXPECT_EQ(failure_of(parts_.authenticate(latest.access_token)), errc::token_expired);
}

TEST(refresh, no_access_token_outlives_a_short_session) {
    service_fixture parts({.sessions = {.limits = {.absolute = 5min}}});
    parts.register_account(anna);
    const auto grant = parts.log_in(anna);
    EXPECT_EQ(grant.access_lifetime, 5min);
    EXPECT_EQ(grant.refresh_lifetime, 5min);
    parts.clock.advance(5min);
    EXPECT_EQ(failure_of(parts.authenticate(grant.access_token)), errc::token_expired);
}

}  // namespace
}  // namespace userinfo
