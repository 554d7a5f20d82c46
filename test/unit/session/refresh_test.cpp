#include <set>

#include "base/base64.h"
#include "support/failure_of.h"
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

TEST_F(refresh_test, the_immediate_predecessor_ends_the_session_after_30_s) {
    const auto second = refreshed(first_);
    parts_.clock.advance(30s + 1us);
    EXPECT_TRUE(is_refused(first_));
    ASSERT_EQ(reuses(), 1u);
    const auto record = parts_.audits(audit_type::refresh_reuse).at(0);
    EXPECT_FALSE(record.succeeded);
    EXPECT_EQ(record.session, log_label(parts_.owner_of(first_).session.view()));
    EXPECT_TRUE(is_refused(second));
    EXPECT_FALSE(parts_.is_accepted(second));
    EXPECT_TRUE(parts_.revoked.contains(parts_.owner_of(first_).session));
}

TEST_F(refresh_test, an_older_one_ends_the_session_at_once) {
    const auto second = refreshed(first_);
    const auto third = refreshed(second);
    EXPECT_TRUE(is_refused(first_));
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
