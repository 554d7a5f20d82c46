#include <regex>

#include "account/stored_hashes.h"
#include "support/failure_of.h"
#include "support/forwarding_account_store.h"
#include "support/service_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

std::size_t passwords_checked(const metrics& figures) {
    std::smatch found;
    const auto text = figures.text();
    if (!std::regex_search(text, found, std::regex("userinfo_password_hash_seconds_count ([0-9]+)"))) return 0;
    return std::stoul(found[1]);
}

TEST(log_in, gives_tokens_that_are_accepted) {
    service_fixture parts;
    const auto id = parts.register_account(anna);
    const auto grant = parts.log_in(anna);
    const auto caller = parts.authenticate(grant.access_token);
    ASSERT_TRUE(caller);
    EXPECT_EQ(caller->account, id);
    EXPECT_EQ(caller->amr, std::vector<std::string>{"pwd"});
    EXPECT_EQ(caller->auth_time, parts.clock.now());
    EXPECT_EQ(caller->client, "userinfo");
    EXPECT_EQ(grant.transport, transport::bearer);
    EXPECT_EQ(grant.access_lifetime, 15min);
    EXPECT_EQ(grant.refresh_lifetime, 14 * 24h);
}

TEST(log_in, finds_the_account_by_every_spelling_of_its_email) {
    service_fixture parts;
    parts.register_account("Anna@b\u00fccher.example");
    EXPECT_TRUE(parts.try_log_in("anna@xn--bcher-kva.example"));
    EXPECT_TRUE(parts.try_log_in("ANNA@B\u00fccher.EXAMPLE"));
    EXPECT_EQ(failure_of(parts.try_log_in("anna@bucher.example")), errc::wrong_credentials);
}

TEST(log_in, takes_a_password_typed_on_another_keyboard) {
    service_fixture parts;
    parts.register_account(anna, "cr\u00e8me br\u00fbl\u00e9e");
    EXPECT_TRUE(parts.try_log_in(anna, "cre\u0300me bru\u0302le\u0301e"));
    EXPECT_EQ(failure_of(parts.try_log_in(anna, "creme brulee")), errc::wrong_credentials);
}

TEST(log_in, one_email_is_one_account) {
    service_fixture parts;
    parts.register_account("anna@b\u00fccher.example");
    const auto again =
        run(parts.accounts.create(parts.request(), "ANNA@xn--bcher-kva.example", good_password, "register"));
    EXPECT_EQ(failure_of(again), errc::already_exists);
}

TEST(log_in, does_not_tell_an_unknown_account_from_a_wrong_password) {
    service_fixture parts;
    parts.register_account(anna);
    const auto unknown = parts.try_log_in(berta);
    const auto wrong = parts.try_log_in(anna, "another phrase");
    ASSERT_EQ(failure_of(unknown), errc::wrong_credentials);
    ASSERT_EQ(failure_of(wrong), errc::wrong_credentials);
    EXPECT_EQ(unknown.error().message, wrong.error().message);
    EXPECT_EQ(unknown.error().field, wrong.error().field);
    EXPECT_EQ(unknown.error().reason, wrong.error().reason);
    EXPECT_EQ(unknown.error().retry_after, wrong.error().retry_after);
}

TEST(log_in, works_as_hard_for_an_unknown_account) {
    service_fixture parts;
    parts.register_account(anna);
    for (const auto& email : {anna, berta}) {
        const auto before = passwords_checked(parts.figures);
        EXPECT_FALSE(parts.try_log_in(email, "another phrase"));
        EXPECT_EQ(passwords_checked(parts.figures), before + 1) << email;
    }
}

TEST(log_in, answers_no_sooner_than_its_floor) {
    service_fixture parts({.accounts = {.log_in_floor = 150ms}});
    parts.register_account(anna);
    for (const auto& [email, password] :
         {std::pair(anna, good_password), std::pair(anna, std::string("another phrase")),
          std::pair(berta, good_password)}) {
        const auto begin = std::chrono::steady_clock::now();
        (void)parts.try_log_in(email, password);
        EXPECT_GE(std::chrono::steady_clock::now() - begin, 150ms);
    }
}

// As an operator leaves it who lowers the parameters.
std::string dearer_hash() { return password_hasher({.memory_kib = 1024, .iterations = 1}).hash(good_password); }

TEST(log_in, answers_nobody_sooner_than_who_has_the_dearest_hash) {
    service_fixture parts;
    const auto id = parts.register_account(anna);
    ASSERT_TRUE(run(parts.store.accounts.replace_hash(id, parts.password_of(anna).password_hash, dearer_hash())));
    stored_hashes hashes(parts.store.accounts, parts.hashing);
    ASSERT_TRUE(run(hashes.look()));
    const auto floor = parts.hashing.floor();
    ASSERT_GE(floor, 5ms);
    for (const auto& email : {anna, berta}) {
        const auto begin = std::chrono::steady_clock::now();
        EXPECT_EQ(failure_of(parts.try_log_in(email, "another phrase")), errc::wrong_credentials);
        EXPECT_GE(std::chrono::steady_clock::now() - begin, floor);
    }
    ASSERT_TRUE(parts.try_log_in(anna)) << "which stores a hash of today's parameters";
    ASSERT_TRUE(run(hashes.look()));
    EXPECT_EQ(parts.hashing.floor(), 0ns);
}

TEST(log_in, looks_through_all_stored_hashes) {
    service_fixture parts;
    stored_hashes hashes(parts.store.accounts, parts.hashing);
    ASSERT_TRUE(run(hashes.look()));
    EXPECT_EQ(parts.hashing.floor(), 0ns);
    // More than one page of credentials, and the dear one on the last.
    sql::sqlite_connection db(parts.file, sql::sqlite_connection::access::write);
    db.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20001) "
        "INSERT INTO account (id, public_id, origin, created_at, updated_at) SELECT i, randomblob(16), 'cli', 0, 0 "
        "FROM n");
    db.execute(
        "INSERT INTO credential (account_id, kind, data, set_at) "
        "SELECT id, 1, CASE id WHEN 20001 THEN ? ELSE '$2b$12$' || hex(public_id) END, 0 FROM account",
        {dearer_hash()});
    ASSERT_TRUE(run(hashes.look()));
    EXPECT_GE(parts.hashing.floor(), 5ms);
}

TEST(log_in, audits_a_hash_that_cannot_be_checked_by_a_reason_of_its_own) {
    service_fixture parts;
    const auto id = parts.register_account(anna);
    const auto owner = parts.owner_of(parts.log_in(anna));
    ASSERT_TRUE(
        run(parts.store.accounts.replace_hash(id, parts.password_of(anna).password_hash, "$2b$12$from-elsewhere")));
    const auto refused = parts.try_log_in(anna);
    ASSERT_EQ(failure_of(refused), errc::wrong_credentials);
    EXPECT_EQ(refused.error().message, parts.try_log_in(berta).error().message);
    EXPECT_EQ(failure_of(run(parts.accounts.reauthenticate(parts.request(), owner, good_password))),
              errc::wrong_password);
    const auto record = parts.audits(audit_type::log_in).at(1);
    EXPECT_FALSE(record.succeeded);
    EXPECT_EQ(record.reason, "unknown_hash");
    EXPECT_EQ(record.subject, id);
    EXPECT_EQ(parts.audits(audit_type::reauthenticate).at(0).reason, "unknown_hash");
}

TEST(log_in, audits_the_inner_reason_and_no_email) {
    service_fixture parts;
    const auto id = parts.register_account(anna);
    (void)parts.try_log_in(anna, "another phrase");
    (void)parts.try_log_in(berta);
    const auto grant = parts.log_in(anna);
    const auto records = parts.audits(audit_type::log_in);
    ASSERT_EQ(records.size(), 3u);
    EXPECT_FALSE(records[0].succeeded);
    EXPECT_EQ(records[0].reason, "wrong_password");
    EXPECT_EQ(records[0].subject, id);
    EXPECT_EQ(records[0].address, "192.0.2.1");
    EXPECT_FALSE(records[1].succeeded);
    EXPECT_EQ(records[1].reason, "unknown_account");
    EXPECT_EQ(records[1].subject, std::nullopt);
    EXPECT_TRUE(records[2].succeeded);
    EXPECT_EQ(records[2].session, log_label(parts.owner_of(grant).session.view()));
    for (const auto& record : records) EXPECT_EQ(record.actor.find('@'), std::string::npos);
}

TEST(log_in, tells_of_a_suspension_only_after_the_right_password) {
    service_fixture parts;
    const auto id = parts.register_account(anna);
    ASSERT_TRUE(run(parts.operations.set_status(id, account_status::suspended, "cli:0")));
    EXPECT_EQ(failure_of(parts.try_log_in(anna, "another phrase")), errc::wrong_credentials);
    EXPECT_EQ(failure_of(parts.try_log_in(anna)), errc::account_suspended);
    const auto records = parts.audits(audit_type::log_in);
    ASSERT_EQ(records.size(), 2u);
    EXPECT_EQ(records[0].reason, "wrong_password");
    EXPECT_EQ(records[1].reason, "suspended");
}

TEST(log_in, refuses_input_that_no_account_can_have) {
    service_fixture parts;
    const auto no_email = parts.try_log_in("anna");
    ASSERT_EQ(failure_of(no_email), errc::invalid_argument);
    EXPECT_EQ(no_email.error().field, "email");
    const auto no_password = parts.try_log_in(anna, "");
    ASSERT_EQ(failure_of(no_password), errc::invalid_argument);
    EXPECT_EQ(no_password.error().field, "password");
    EXPECT_TRUE(parts.audits(audit_type::log_in).empty());
}

TEST(log_in, stores_a_hash_of_todays_parameters_afterwards) {
    service_fixture parts;
    const auto id = parts.register_account(anna);
    const auto fresh = parts.password_of(anna);
    const auto outdated = password_hasher({.memory_kib = 32, .iterations = 1}).hash(good_password);
    ASSERT_TRUE(run(parts.store.accounts.replace_hash(id, fresh.password_hash, outdated)));

    EXPECT_FALSE(parts.try_log_in(anna, "another phrase"));
    EXPECT_EQ(parts.password_of(anna).password_hash, outdated);
    EXPECT_TRUE(parts.try_log_in(anna));
    const auto stored = parts.password_of(anna);
    EXPECT_TRUE(stored.password_hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$")) << stored.password_hash;
    EXPECT_EQ(stored.version, fresh.version);
    EXPECT_TRUE(parts.try_log_in(anna));
    EXPECT_EQ(parts.password_of(anna).password_hash, stored.password_hash);
}

// The password changes between the look at the credential and the end of the log-in.
class racing_account_store final : public forwarding_account_store {
public:
    racing_account_store(account_store& next, std::function<void()> race)
        : forwarding_account_store(next), race_(std::move(race)) {}

    task<result<std::optional<password_record>>> find_password(const std::string& email_key,
                                                               const device_proofs& shown) override {
        auto found = co_await forwarding_account_store::find_password(email_key, shown);
        race_();
        co_return found;
    }
    using forwarding_account_store::find_password;

private:
    const std::function<void()> race_;
};

TEST(log_in, fails_if_the_password_changes_meanwhile) {
    service_fixture parts;
    parts.register_account(anna);
    const auto owner = parts.owner_of(parts.log_in(anna));
    racing_account_store store(parts.store.accounts, [&] {
        EXPECT_TRUE(run(parts.accounts.change_password(parts.request(), owner, good_password, "a newer phrase")));
    });
    accounts racing({.log_in_floor = 0ms}, store, parts.limits, parts.hashing, parts.sessions, parts.devices_of_clients,
                    parts.revoked, parts.clock);
    const auto outcome = run(racing.log_in(parts.request(), anna, good_password, transport::bearer));
    EXPECT_EQ(failure_of(outcome), errc::wrong_credentials);
    EXPECT_EQ(run(parts.store.sessions.list_live(owner.account, parts.clock.now())).value().size(), 1u);
}

TEST(log_in, fails_if_the_account_is_suspended_or_deleted_meanwhile) {
    service_fixture parts;
    const auto id = parts.register_account(anna);
    racing_account_store suspending(parts.store.accounts, [&] {
        EXPECT_TRUE(run(parts.operations.set_status(id, account_status::suspended, "cli:0")));
    });
    accounts first({.log_in_floor = 0ms}, suspending, parts.limits, parts.hashing, parts.sessions,
                   parts.devices_of_clients, parts.revoked, parts.clock);
    EXPECT_EQ(failure_of(run(first.log_in(parts.request(), anna, good_password, transport::bearer))),
              errc::account_suspended);
    ASSERT_TRUE(run(parts.operations.set_status(id, account_status::active, "cli:0")));

    racing_account_store deleting(parts.store.accounts,
                                  [&] { EXPECT_TRUE(run(parts.operations.remove(id, "cli:0"))); });
    accounts second({.log_in_floor = 0ms}, deleting, parts.limits, parts.hashing, parts.sessions,
                    parts.devices_of_clients, parts.revoked, parts.clock);
    EXPECT_EQ(failure_of(run(second.log_in(parts.request(), anna, good_password, transport::bearer))),
              errc::wrong_credentials);
}

}  // namespace
}  // namespace userinfo
