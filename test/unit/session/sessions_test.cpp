#include "session/sessions.h"

#include "support/failure_of.h"
#include "support/service_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

result<void> log_out(service_fixture& parts, const std::string& access_token, const std::string& refresh_token) {
    return run(parts.sessions.log_out(parts.request(access_token), refresh_token));
}

TEST(log_out, works_with_either_token_alone) {
    service_fixture parts;
    parts.register_account(anna);
    for (const bool by_access : {true, false}) {
        const auto grant = parts.log_in(anna);
        ASSERT_TRUE(by_access ? log_out(parts, grant.access_token, "") : log_out(parts, "", grant.refresh_token));
        EXPECT_FALSE(parts.is_accepted(grant)) << by_access;
        EXPECT_EQ(failure_of(parts.refresh(grant)), errc::invalid_token) << by_access;
    }
    EXPECT_EQ(parts.audits(audit_type::log_out).size(), 2u);
}

TEST(log_out, works_with_an_expired_access_token) {
    service_fixture parts;
    parts.register_account(anna);
    const auto grant = parts.log_in(anna);
    parts.clock.advance(24h);
    ASSERT_EQ(failure_of(parts.authenticate(grant.access_token)), errc::token_expired);
    ASSERT_TRUE(log_out(parts, grant.access_token, ""));
    EXPECT_EQ(failure_of(parts.refresh(grant)), errc::invalid_token);
}

TEST(log_out, may_be_done_twice) {
    service_fixture parts;
    parts.register_account(anna);
    const auto grant = parts.log_in(anna);
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(log_out(parts, grant.access_token, grant.refresh_token));
    EXPECT_EQ(parts.audits(audit_type::log_out).size(), 1u);
}

// Whoever ended it may not be through with telling, or may have died before.
TEST(log_out, announces_an_end_that_was_not_its_own) {
    service_fixture parts;
    parts.register_account(anna);
    const auto grant = parts.log_in(anna);
    const auto owner = parts.owner_of(grant);
    const audit_event audit{.type = audit_type::session_end, .at = parts.clock.now()};
    ASSERT_TRUE(run(parts.store.sessions.end(owner.account, owner.session, end_reason::ended_by_owner, audit)).value());
    ASSERT_FALSE(parts.revoked.contains(owner.session));
    ASSERT_TRUE(log_out(parts, grant.access_token, ""));
    EXPECT_TRUE(parts.revoked.contains(owner.session));
    EXPECT_EQ(run(parts.session_cache.get(owner.account, owner.session)).state, cached_session::revoked);
}

TEST(log_out, ends_the_sessions_of_both_tokens_if_they_differ) {
    service_fixture parts;
    parts.register_account(anna);
    const auto one = parts.log_in(anna);
    const auto other = parts.log_in(anna);
    ASSERT_TRUE(log_out(parts, one.access_token, other.refresh_token));
    EXPECT_FALSE(parts.is_accepted(one));
    EXPECT_FALSE(parts.is_accepted(other));
}

TEST(log_out, leaves_other_sessions_alone) {
    service_fixture parts;
    parts.register_account(anna);
    const auto kept = parts.log_in(anna);
    const auto ended = parts.log_in(anna);
    ASSERT_TRUE(log_out(parts, ended.access_token, ended.refresh_token));
    EXPECT_TRUE(parts.is_accepted(kept));
    EXPECT_TRUE(parts.refresh(kept));
}

TEST(log_out, is_no_error_without_a_genuine_token_and_ends_nothing) {
    service_fixture parts;
    parts.register_account(anna);
    const auto grant = parts.log_in(anna);
    auto forged_access = grant.access_token;
    forged_access[forged_access.rfind('.') + 10] ^= 1;
    auto forged_refresh = grant.refresh_token;
    forged_refresh.back() = forged_refresh.back() == 'A' ? 'B' : 'A';
    EXPECT_TRUE(log_out(parts, forged_access, forged_refresh));
    EXPECT_TRUE(log_out(parts, "", ""));
    EXPECT_TRUE(log_out(parts, "token", "token"));
    EXPECT_TRUE(parts.is_accepted(grant));
    EXPECT_TRUE(parts.refresh(grant));
}

TEST(sessions, one_too_many_ends_the_one_unused_for_longest_at_once) {
    service_fixture parts({.sessions = {.limits = {.per_account = 2}}});
    parts.register_account(anna);
    parts.register_account(berta);
    const auto untouched = parts.log_in(berta);
    const auto oldest = parts.log_in(anna);
    parts.clock.advance(1s);
    const auto unused = parts.log_in(anna);
    parts.clock.advance(1s);
    const auto used = parts.refresh(oldest).value();
    const auto third = parts.log_in(anna);
    EXPECT_FALSE(parts.is_accepted(unused));
    EXPECT_EQ(failure_of(parts.refresh(unused)), errc::invalid_token);
    EXPECT_TRUE(parts.is_accepted(used));
    EXPECT_TRUE(parts.is_accepted(third));
    EXPECT_TRUE(parts.is_accepted(untouched));
}

TEST(sessions, opens_none_for_a_password_that_is_not_todays) {
    service_fixture parts;
    const auto id = parts.register_account(anna);
    const auto version = parts.password_of(anna).version;
    const auto open = [&](std::uint64_t verified) {
        return run(parts.sessions.open(parts.request(), parts.sessions.begin(parts.request(), id, transport::cookie),
                                       verified, std::nullopt));
    };
    EXPECT_EQ(failure_of(open(version - 1)), errc::wrong_credentials);
    EXPECT_EQ(failure_of(open(version + 1)), errc::wrong_credentials);
    EXPECT_EQ(failure_of(open(version)), std::nullopt);
}

TEST(sessions, lists_the_callers_own) {
    service_fixture parts;
    parts.register_account(anna);
    parts.register_account(berta);
    parts.log_in(berta);
    const auto own = parts.owner_of(parts.log_in(anna));
    const auto listed = run(parts.sessions.list(own)).value();
    ASSERT_EQ(listed.size(), 1u);
    EXPECT_EQ(listed[0].id, own.session);
    EXPECT_EQ(listed[0].device, "a browser");
    EXPECT_EQ(listed[0].address, "192.0.2.1");
}

TEST(sessions, ends_one_of_the_callers_and_nobody_elses) {
    service_fixture parts;
    parts.register_account(anna);
    parts.register_account(berta);
    const auto own = parts.log_in(anna);
    const auto other = parts.log_in(anna);
    const auto bertas = parts.log_in(berta);
    const auto end = [&](const uuid& id) {
        return run(parts.sessions.end_one(parts.request(), parts.owner_of(own), id));
    };
    EXPECT_EQ(failure_of(end(parts.owner_of(bertas).session)), errc::not_found);
    EXPECT_EQ(failure_of(end(uuid::random())), errc::not_found);
    EXPECT_TRUE(parts.is_accepted(bertas));
    EXPECT_TRUE(end(parts.owner_of(other).session));
    EXPECT_FALSE(parts.is_accepted(other));
    EXPECT_EQ(failure_of(end(parts.owner_of(other).session)), errc::not_found);
    EXPECT_TRUE(parts.is_accepted(own));
}

// The caller's first try was committed although it failed, as when the commit hung.
TEST(sessions, ends_all_others_of_the_caller_also_those_that_an_earlier_try_has_ended) {
    service_fixture parts;
    parts.register_account(anna);
    const auto caller = parts.owner_of(parts.log_in(anna));
    const auto other = parts.owner_of(parts.log_in(anna)).session;
    const audit_event audit{.type = audit_type::session_end, .at = parts.clock.now()};
    ASSERT_EQ(run(parts.store.sessions.end_others(caller, audit.at, audit)).value(), session_ids{other});
    parts.clock.advance(1min);
    ASSERT_FALSE(parts.revoked.contains(other));
    ASSERT_TRUE(run(parts.sessions.end_others(parts.request(), caller)));
    EXPECT_TRUE(parts.revoked.contains(other));
    EXPECT_EQ(run(parts.session_cache.get(caller.account, other)).state, cached_session::revoked);
}

TEST(sessions, ends_all_others_of_the_caller) {
    service_fixture parts;
    parts.register_account(anna);
    parts.register_account(berta);
    const auto own = parts.log_in(anna);
    const auto other = parts.log_in(anna);
    const auto bertas = parts.log_in(berta);
    ASSERT_TRUE(run(parts.sessions.end_others(parts.request(), parts.owner_of(own))));
    EXPECT_TRUE(parts.is_accepted(own));
    EXPECT_FALSE(parts.is_accepted(other));
    EXPECT_TRUE(parts.is_accepted(bertas));
    ASSERT_TRUE(log_out(parts, "", own.refresh_token));
    EXPECT_EQ(failure_of(run(parts.sessions.end_others(parts.request(), parts.owner_of(own)))), errc::invalid_token);
}

}  // namespace
}  // namespace userinfo
