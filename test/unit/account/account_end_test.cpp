#include "support/failure_of.h"
#include "support/service_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

result<void> remove(service_fixture& parts, const principal& by, const std::string& password = good_password) {
    return run(parts.accounts.remove(parts.request(), by, password));
}

TEST(account_removal, kills_the_tokens_and_frees_the_email) {
    service_fixture parts;
    const auto id = parts.register_account(anna);
    const auto own = parts.log_in(anna);
    const auto other = parts.log_in(anna);
    ASSERT_TRUE(remove(parts, parts.owner_of(own)));
    for (const auto& grant : {own, other}) {
        EXPECT_FALSE(parts.is_accepted(grant));
        EXPECT_EQ(failure_of(parts.refresh(grant)), errc::invalid_token);
    }
    EXPECT_EQ(failure_of(parts.try_log_in(anna)), errc::wrong_credentials);
    EXPECT_EQ(parts.audits(audit_type::log_in).at(2).reason, "unknown_account");

    const auto again = parts.register_account(anna, "another phrase");
    EXPECT_NE(again, id);
    EXPECT_FALSE(parts.is_accepted(own));
    EXPECT_TRUE(parts.try_log_in(anna, "another phrase"));
}

TEST(account_removal, needs_the_password_and_a_live_session) {
    service_fixture parts;
    parts.register_account(anna);
    const auto grant = parts.log_in(anna);
    EXPECT_EQ(failure_of(remove(parts, parts.owner_of(grant), "another phrase")), errc::wrong_password);
    EXPECT_FALSE(parts.audits(audit_type::delete_account).at(0).succeeded);
    EXPECT_TRUE(parts.is_accepted(grant));
    ASSERT_TRUE(run(parts.sessions.log_out(parts.request(), grant.refresh_token)));
    EXPECT_EQ(failure_of(remove(parts, parts.owner_of(grant))), errc::invalid_token);
    EXPECT_TRUE(parts.try_log_in(anna));
}

TEST(account_removal, takes_the_profile_with_it) {
    service_fixture parts;
    const auto id = parts.register_account(anna);
    const profile_input input{.username = "Anna", .birthday = {}, .avatar = {}};
    ASSERT_TRUE(run(parts.profiles.create(id, input)));
    ASSERT_TRUE(remove(parts, parts.owner_of(parts.log_in(anna))));
    EXPECT_FALSE(run(parts.store.profiles.find(id)).value().value);
}

TEST(suspension, ends_all_sessions_and_restoring_revives_none) {
    service_fixture parts;
    const auto id = parts.register_account(anna);
    const auto grant = parts.log_in(anna);
    ASSERT_TRUE(run(parts.operations.set_status(id, account_status::suspended, "cli:1000")));
    EXPECT_FALSE(parts.is_accepted(grant));
    EXPECT_EQ(failure_of(parts.refresh(grant)), errc::invalid_token);
    ASSERT_TRUE(run(parts.operations.set_status(id, account_status::active, "cli:1000")));
    EXPECT_FALSE(parts.is_accepted(grant));
    EXPECT_EQ(failure_of(parts.refresh(grant)), errc::invalid_token);
    EXPECT_TRUE(parts.is_accepted(parts.log_in(anna)));
    EXPECT_EQ(parts.audits(audit_type::suspend).at(0).actor, "cli:1000");
    EXPECT_EQ(parts.audits(audit_type::restore).at(0).actor, "cli:1000");
}

TEST(operators, find_an_account_by_id_and_by_every_spelling_of_its_email) {
    service_fixture parts;
    const auto id = parts.register_account("anna@b\u00fccher.example");
    for (const auto& who : {id.to_string(), std::string("ANNA@xn--bcher-kva.example")}) {
        EXPECT_EQ(run(parts.operations.find(who)).value().id, id) << who;
    }
    EXPECT_EQ(failure_of(run(parts.operations.find(uuid::random().to_string()))), errc::not_found);
    EXPECT_EQ(failure_of(run(parts.operations.find(berta))), errc::not_found);
    EXPECT_EQ(failure_of(run(parts.operations.find("anna"))), errc::not_found);
}

TEST(operators, remove_an_account_without_its_password) {
    service_fixture parts;
    const auto id = parts.register_account(anna);
    const auto grant = parts.log_in(anna);
    ASSERT_TRUE(run(parts.operations.remove(id, "cli:0")));
    EXPECT_FALSE(parts.is_accepted(grant));
    EXPECT_EQ(parts.audits(audit_type::delete_account).at(0).actor, "cli:0");
    EXPECT_EQ(failure_of(run(parts.operations.remove(id, "cli:0"))), errc::not_found);
    EXPECT_EQ(failure_of(run(parts.operations.set_status(id, account_status::active, "cli:0"))), errc::not_found);
    EXPECT_TRUE(run(parts.operations.list(uuid(), 10)).value().empty());
}

}  // namespace
}  // namespace userinfo
