// What a refresh token tells of its session when it is shown and not spent.
#include <boost/json.hpp>

#include "base/base64.h"
#include "support/failure_of.h"
#include "support/service_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

boost::json::object claims_in(const std::string& token) {
    const auto begin = token.find('.') + 1;
    return boost::json::parse(from_base64url(token.substr(begin, token.rfind('.') - begin)).value()).as_object();
}

class identify_test : public testing::Test {
protected:
    token_grant log_in(transport transport = transport::cookie) {
        return run(parts_.accounts.log_in(parts_.request(), anna, good_password, transport)).value();
    }

    result<principal> identify(const token_grant& grant) {
        return run(parts_.sessions.identify(parts_.request(), grant.refresh_token));
    }

    token_grant refreshed(const token_grant& grant) { return parts_.refresh(grant).value(); }
    std::size_t reuses() const { return parts_.audits(audit_type::refresh_reuse).size(); }

    stored_session row_of(const token_grant& grant) {
        return run(parts_.store.sessions.find(parts_.owner_of(grant).session)).value().value();
    }

    service_fixture parts_;
    const uuid account_ = parts_.register_account(anna);
    const token_grant first_ = log_in();
};

TEST_F(identify_test, tells_whose_it_is_and_leaves_everything_as_it_is) {
    const auto before = row_of(first_);
    parts_.clock.advance(20min);
    const auto caller = identify(first_);
    ASSERT_TRUE(caller);
    const auto owner = parts_.owner_of(first_);
    EXPECT_EQ(caller->account, account_);
    EXPECT_EQ(caller->session, owner.session);
    EXPECT_EQ(std::chrono::floor<std::chrono::seconds>(caller->auth_time), owner.auth_time);
    EXPECT_EQ(caller->client, "userinfo");
    EXPECT_EQ(caller->amr, std::vector<std::string>{"pwd"});
    const auto after = row_of(first_);
    EXPECT_EQ(after.value.generation, before.value.generation);
    EXPECT_EQ(after.value.last_seen_at, before.value.last_seen_at);
    EXPECT_EQ(after.value.idle_expires_at, before.value.idle_expires_at);
    EXPECT_EQ(after.rotated_at, before.rotated_at);
    EXPECT_EQ(parts_.audits(audit_type::refresh).size(), 0u);
}

TEST_F(identify_test, a_successor_that_is_shown_has_not_arrived_by_that) {
    const auto second = refreshed(first_);
    parts_.clock.advance(10min);
    EXPECT_TRUE(identify(second));
    EXPECT_EQ(row_of(second).value.arrived, 1u);
    EXPECT_EQ(refreshed(first_).refresh_token, second.refresh_token);
}

TEST_F(identify_test, checks_do_not_use_up_the_repeats_of_a_predecessor) {
    const auto second = refreshed(first_);
    parts_.clock.advance(10min);
    for (std::uint64_t i = 0; i < 2 * most_late_repeats; ++i) EXPECT_TRUE(identify(first_));
    EXPECT_EQ(row_of(second).late_repeats, 0u);
    EXPECT_EQ(parts_.audits(audit_type::refresh_repeated).size(), 0u);
    EXPECT_EQ(refreshed(first_).refresh_token, second.refresh_token);
}

TEST_F(identify_test, an_hour_after_the_access_token_the_client_must_refresh) {
    parts_.clock.advance(75min);
    EXPECT_EQ(failure_of(identify(first_)), errc::token_expired);
    const auto second = refreshed(first_);
    EXPECT_TRUE(identify(second));
}

TEST_F(identify_test, a_token_that_was_used_twice_ends_its_session_as_at_a_refresh) {
    const auto second = refreshed(first_);
    parts_.clock.advance(1min);
    EXPECT_TRUE(parts_.is_accepted(second));
    parts_.clock.advance(31s);
    EXPECT_EQ(failure_of(identify(first_)), errc::invalid_token);
    ASSERT_EQ(reuses(), 1u);
    const auto record = parts_.audits(audit_type::refresh_reuse).at(0);
    EXPECT_FALSE(record.succeeded);
    EXPECT_EQ(record.session, log_label(parts_.owner_of(first_).session.view()));
    EXPECT_EQ(record.address, "192.0.2.1");
    EXPECT_FALSE(parts_.is_accepted(second)) << "it holds at once";
    EXPECT_EQ(failure_of(identify(second)), errc::invalid_token);
    EXPECT_EQ(reuses(), 1u);
}

TEST_F(identify_test, an_older_token_just_after_a_rotation_ends_nothing) {
    const auto third = refreshed(refreshed(first_));
    const auto refused = identify(first_);
    EXPECT_EQ(failure_of(refused), errc::invalid_token);
    EXPECT_EQ(refused.error().reason, superseded_token);
    EXPECT_TRUE(identify(third));
    EXPECT_EQ(reuses(), 0u);
}

TEST_F(identify_test, what_is_not_ours_touches_nothing) {
    auto forged = first_;
    forged.refresh_token[forged.refresh_token.size() - 3] ^= 1;
    EXPECT_EQ(failure_of(identify(forged)), errc::invalid_token);
    EXPECT_EQ(failure_of(identify({})), errc::invalid_token);
    EXPECT_TRUE(identify(first_));
}

TEST_F(identify_test, knows_cookie_sessions_alone) {
    EXPECT_EQ(failure_of(identify(log_in(transport::bearer))), errc::invalid_token);
}

TEST_F(identify_test, an_ended_session_is_nobodys) {
    auto call = parts_.request(first_.access_token);
    ASSERT_TRUE(run(parts_.sessions.log_out(call, {})));
    EXPECT_EQ(failure_of(identify(first_)), errc::invalid_token);
}

TEST_F(identify_test, back_ends_get_no_token_unless_they_have_an_audience) {
    EXPECT_EQ(parts_.sessions.token_for_back_end(parts_.owner_of(first_)), "");
}

TEST(back_end_token, lives_for_5_minutes_but_no_longer_than_an_access_token) {
    for (const auto& [access, expected] : {std::pair(24h + 0s, 300s), std::pair(60s, 60s)}) {
        service_fixture parts({.sessions = {.access_lifetime = access, .back_end_audience = "back end"}});
        parts.register_account(anna);
        const auto owner = parts.owner_of(parts.log_in(anna));
        parts.clock.advance(10s);
        const auto claims = claims_in(parts.sessions.token_for_back_end(owner));
        EXPECT_EQ(claims.at("exp").as_int64() - claims.at("iat").as_int64(), expected.count());
        EXPECT_EQ(claims.at("iat"),
                  std::chrono::floor<std::chrono::seconds>(parts.clock.now()).time_since_epoch().count());
        EXPECT_EQ(claims.at("aud"), "back end");
        EXPECT_EQ(claims.at("sub"), owner.account.to_string().c_str());
        EXPECT_EQ(claims.at("sid"), owner.session.to_string().c_str());
        EXPECT_EQ(claims.at("auth_time"),
                  std::chrono::floor<std::chrono::seconds>(owner.auth_time).time_since_epoch().count());
    }
}

TEST(back_end_token, opens_nothing_here_and_ends_no_session) {
    service_fixture parts({.sessions = {.back_end_audience = "back end"}});
    parts.register_account(anna);
    const auto grant = parts.log_in(anna);
    const auto token = parts.sessions.token_for_back_end(parts.owner_of(grant));
    EXPECT_EQ(failure_of(parts.authenticate(token)), errc::invalid_token);
    ASSERT_TRUE(run(parts.sessions.log_out(parts.request(token), {})));
    EXPECT_TRUE(parts.is_accepted(grant));
}

}  // namespace
}  // namespace userinfo
