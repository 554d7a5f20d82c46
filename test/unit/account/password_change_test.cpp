#include "support/failure_of.h"
#include "support/service_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

const std::string next_password = "a newer phrase";

result<token_grant> change(service_fixture& parts, const principal& by, const std::string& current,
                           const std::string& next = next_password) {
    return run(parts.accounts.change_password(parts.request(), by, current, next));
}

TEST(password_change, kills_every_older_token_and_the_callers_own) {
    service_fixture parts;
    parts.register_account(anna);
    const auto own = parts.log_in(anna);
    const auto other = parts.log_in(anna);
    const auto successor = change(parts, parts.owner_of(own), good_password);
    ASSERT_TRUE(successor);
    EXPECT_TRUE(parts.is_accepted(*successor));
    EXPECT_EQ(successor->transport, own.transport);
    for (const auto& old : {own, other}) {
        EXPECT_FALSE(parts.is_accepted(old));
        EXPECT_EQ(failure_of(parts.refresh(old)), errc::invalid_token);
    }
    EXPECT_TRUE(parts.refresh(*successor));
}

TEST(password_change, the_successor_keeps_the_transport_of_the_session) {
    service_fixture parts;
    parts.register_account(anna);
    for (const auto expected : {transport::cookie, transport::bearer}) {
        const auto own = run(parts.accounts.log_in(parts.request(), anna, good_password, expected)).value();
        const auto successor = change(parts, parts.owner_of(own), good_password, good_password);
        ASSERT_TRUE(successor);
        EXPECT_EQ(successor->transport, expected);
        EXPECT_TRUE(parts.refresh(*successor));
    }
}

TEST(password_change, only_the_new_password_logs_in) {
    service_fixture parts;
    parts.register_account(anna);
    ASSERT_TRUE(change(parts, parts.owner_of(parts.log_in(anna)), good_password));
    EXPECT_EQ(failure_of(parts.try_log_in(anna)), errc::wrong_credentials);
    EXPECT_TRUE(parts.try_log_in(anna, next_password));
}

TEST(password_change, leaves_other_accounts_alone) {
    service_fixture parts;
    parts.register_account(anna);
    parts.register_account(berta);
    const auto untouched = parts.log_in(berta);
    ASSERT_TRUE(change(parts, parts.owner_of(parts.log_in(anna)), good_password));
    EXPECT_TRUE(parts.is_accepted(untouched));
    EXPECT_TRUE(parts.refresh(untouched));
}

TEST(password_change, changes_nothing_if_the_current_password_is_wrong) {
    service_fixture parts;
    const auto id = parts.register_account(anna);
    const auto grant = parts.log_in(anna);
    EXPECT_EQ(failure_of(change(parts, parts.owner_of(grant), "another phrase")), errc::wrong_password);
    EXPECT_TRUE(parts.is_accepted(grant));
    EXPECT_TRUE(parts.try_log_in(anna));
    const auto records = parts.audits(audit_type::password_change);
    ASSERT_EQ(records.size(), 1u);
    EXPECT_FALSE(records[0].succeeded);
    EXPECT_EQ(records[0].reason, "wrong_password");
    EXPECT_EQ(records[0].subject, id);
}

TEST(password_change, holds_the_new_password_to_the_rules) {
    service_fixture parts;
    parts.register_account("anna.smith@example.org");
    const auto caller = parts.owner_of(parts.log_in("anna.smith@example.org"));
    for (const auto* bad : {"short", "password1", "Anna.Smith", "userinfo1", ""}) {
        const auto outcome = change(parts, caller, good_password, bad);
        ASSERT_EQ(failure_of(outcome), errc::invalid_argument) << bad;
        EXPECT_EQ(outcome.error().field, "new_password");
    }
    const auto outcome = change(parts, caller, "");
    ASSERT_EQ(failure_of(outcome), errc::invalid_argument);
    EXPECT_EQ(outcome.error().field, "current_password");
    EXPECT_TRUE(parts.try_log_in("anna.smith@example.org"));
}

TEST(password_change, takes_no_caller_whose_session_has_ended) {
    service_fixture parts;
    parts.register_account(anna);
    const auto grant = parts.log_in(anna);
    ASSERT_TRUE(run(parts.sessions.log_out(parts.request(), grant.refresh_token)));
    EXPECT_EQ(failure_of(change(parts, parts.owner_of(grant), good_password)), errc::invalid_token);
    EXPECT_TRUE(parts.try_log_in(anna));
}

TEST(password_change, of_two_at_once_one_wins) {
    service_fixture parts;
    parts.register_account(anna);
    const auto caller = parts.owner_of(parts.log_in(anna));
    const auto other = parts.owner_of(parts.log_in(anna));
    const auto call = parts.request();
    const std::string first = "the first new phrase";
    const std::string second = "the second new phrase";
    std::vector<task<result<token_grant>>> changes;
    changes.push_back(parts.accounts.change_password(call, caller, good_password, first));
    changes.push_back(parts.accounts.change_password(call, other, good_password, second));
    const auto outcomes = run_together(std::move(changes), 2);
    EXPECT_NE(outcomes[0].has_value(), outcomes[1].has_value());
    EXPECT_EQ(parts.try_log_in(anna, first).has_value(), outcomes[0].has_value());
    EXPECT_EQ(parts.try_log_in(anna, second).has_value(), outcomes[1].has_value());
    EXPECT_EQ(parts.password_of(anna).version, 2u);
}

}  // namespace
}  // namespace userinfo
