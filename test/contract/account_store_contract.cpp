#include <algorithm>

#include "contract/stores.h"

namespace userinfo::test {

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

class account_store_contract : public store_contract {
protected:
    password_change change_of(const principal& by, const std::string& new_hash) {
        return {.by = by,
                .verified_version = password_version(by.account),
                .password_hash = new_hash,
                .successor = new_session(by.account)};
    }

    result<session_ids> suspend(const uuid& account) {
        return run(accounts_.set_status(account, account_status::suspended, audit(audit_type::suspend)));
    }
    result<session_ids> restore(const uuid& account) {
        return run(accounts_.set_status(account, account_status::active, audit(audit_type::restore)));
    }
    result<session_ids> remove(const uuid& account, const std::optional<principal>& by = {}) {
        return run(accounts_.remove(account, by, audit(audit_type::delete_account)));
    }
};

INSTANTIATE_TEST_SUITE_P(, account_store_contract, testing::ValuesIn(all_stores()), name_of);

TEST_P(account_store_contract, finds_an_account_by_id_and_by_email) {
    const auto created_at = clock_.now();
    const auto id = register_account("a@example.org");
    const auto by_id = run(accounts_.find(id)).value();
    ASSERT_TRUE(by_id);
    EXPECT_EQ(by_id->id, id);
    EXPECT_EQ(by_id->email, "a@example.org");
    EXPECT_EQ(by_id->status, account_status::active);
    EXPECT_EQ(by_id->created_at, created_at);
    EXPECT_EQ(run(accounts_.find_by_identifier("a@example.org")).value()->id, id);
}

TEST_P(account_store_contract, finds_nothing_where_there_is_nothing) {
    EXPECT_FALSE(run(accounts_.find(uuid::random())).value());
    EXPECT_FALSE(run(accounts_.find_by_identifier("a@example.org")).value());
    EXPECT_FALSE(run(accounts_.find_password("a@example.org", {})).value());
    EXPECT_FALSE(run(accounts_.find_password(uuid::random(), {})).value());
}

TEST_P(account_store_contract, rejects_a_second_account_with_the_same_email) {
    const auto first = register_account("a@example.org");
    const auto second = run(accounts_.create(account_with("a@example.org"), audit(audit_type::register_account)));
    EXPECT_EQ(code_of(second), errc::already_exists);
    EXPECT_EQ(run(accounts_.find_by_identifier("a@example.org")).value()->id, first);
    EXPECT_EQ(stores_->count_audits(audit_type::register_account), 1u);
}

TEST_P(account_store_contract, compares_email_keys_byte_by_byte) {
    register_account("a@example.org");
    EXPECT_FALSE(run(accounts_.find_by_identifier("A@example.org")).value());
    EXPECT_FALSE(run(accounts_.find_by_identifier("a@example.org ")).value());
    EXPECT_FALSE(run(accounts_.find_by_identifier("\xc3\xa1@example.org")).value());
    register_account("a@example.org ");
}

TEST_P(account_store_contract, keeps_the_email_as_typed_beside_its_key) {
    auto account = account_with("x");
    account.identifier = {.typed = "Anna@Example.org", .key = "anna@example.org"};
    ASSERT_TRUE(run(accounts_.create(account, audit(audit_type::register_account))));
    EXPECT_EQ(run(accounts_.find_by_identifier("anna@example.org")).value()->email, "Anna@Example.org");
}

TEST_P(account_store_contract, lets_one_of_a_hundred_registers_of_one_email_win) {
    std::vector<new_account> accounts;
    for (int i = 0; i < 100; ++i) accounts.push_back(account_with("a@example.org"));
    const auto event = audit(audit_type::register_account);
    std::vector<task<result<void>>> creates;
    for (const auto& each : accounts) creates.push_back(accounts_.create(each, event));
    const auto outcomes = run_together(std::move(creates));
    EXPECT_EQ(std::ranges::count_if(outcomes, [](const auto& each) { return each.has_value(); }), 1);
    EXPECT_EQ(std::ranges::count(outcomes, errc::already_exists,
                                 [](const auto& each) { return each ? errc::internal : each.error().code; }),
              99);
}

TEST_P(account_store_contract, does_not_hurt_registers_beside_a_failing_one) {
    register_account("taken@example.org");
    std::vector<new_account> accounts;
    for (int i = 0; i < 60; ++i) {
        accounts.push_back(account_with(i % 3 == 0 ? "taken@example.org" : "u" + std::to_string(i) + "@example.org"));
    }
    const auto event = audit(audit_type::register_account);
    std::vector<task<result<void>>> creates;
    for (const auto& each : accounts) creates.push_back(accounts_.create(each, event));
    const auto outcomes = run_together(std::move(creates));
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        EXPECT_EQ(outcomes[i].has_value(), i % 3 != 0) << i;
        EXPECT_EQ(run(accounts_.find(accounts[i].id)).value().has_value(), i % 3 != 0) << i;
    }
    EXPECT_EQ(stores_->count_audits(audit_type::register_account), 41u);
}

TEST_P(account_store_contract, gives_the_password_to_check_a_log_in_against) {
    const auto id = register_account("a@example.org");
    const auto by_email = run(accounts_.find_password("a@example.org", {})).value();
    ASSERT_TRUE(by_email);
    EXPECT_EQ(by_email->account, id);
    EXPECT_EQ(by_email->status, account_status::active);
    EXPECT_EQ(by_email->password_hash, "hash-1");
    EXPECT_EQ(run(accounts_.find_password(id, {})).value()->version, by_email->version);
}

TEST_P(account_store_contract, lists_accounts_in_pages_without_deleted_ones) {
    std::vector<uuid> ids;
    for (const auto* name : {"a@x.org", "b@x.org", "c@x.org", "d@x.org"}) ids.push_back(register_account(name));
    ASSERT_TRUE(remove(ids[1]));
    const auto first = run(accounts_.list(uuid(), 2)).value();
    ASSERT_EQ(first.size(), 2u);
    EXPECT_EQ(first[0].id, ids[0]);
    EXPECT_EQ(first[1].id, ids[2]);
    const auto second = run(accounts_.list(first.back().id, 2)).value();
    ASSERT_EQ(second.size(), 1u);
    EXPECT_EQ(second[0].email, "d@x.org");
}

TEST_P(account_store_contract, lists_how_passwords_are_hashed_in_pages) {
    EXPECT_EQ(run(accounts_.list_hash_kinds(0, 10)).value().last, 0u);
    const auto usual = "$argon2id$v=19$m=19456,t=2,p=1$"s;
    for (const auto& [name, hash] : {std::pair("a@x.org", usual + "c2FsdA$aGFzaA"),
                                     {"b@x.org", usual + "c2FsdB$aGFzaB"},
                                     {"c@x.org", "$argon2id$v=19$m=7168,t=1,p=1$c2FsdA$aGFzaA"},
                                     {"d@x.org", "$2b$12$abcdefghijklmnopqrstuv"},
                                     {"e@x.org", "short"}}) {
        ASSERT_TRUE(run(accounts_.replace_hash(register_account(name), "hash-1", hash)));
    }
    const auto first = run(accounts_.list_hash_kinds(0, 2)).value();
    EXPECT_EQ(first.beginnings, std::vector<std::string>{usual});
    auto rest = run(accounts_.list_hash_kinds(first.last, 10)).value();
    std::ranges::sort(rest.beginnings);
    EXPECT_EQ(rest.beginnings,
              (std::vector<std::string>{"$2b$12$abcdefgh", "$argon2id$v=19$m=7168,t=1,p=1$", "short"}));
    EXPECT_GT(rest.last, first.last);
    const auto none = run(accounts_.list_hash_kinds(rest.last, 10)).value();
    EXPECT_TRUE(none.beginnings.empty());
    EXPECT_EQ(none.last, 0u);
}

TEST_P(account_store_contract, replaces_a_hash_only_if_it_is_still_the_old_one) {
    const auto id = register_account("a@example.org");
    const auto version = password_version(id);
    ASSERT_TRUE(run(accounts_.replace_hash(id, "another", "hash-2")));
    EXPECT_EQ(run(accounts_.find_password(id, {})).value()->password_hash, "hash-1");
    ASSERT_TRUE(run(accounts_.replace_hash(id, "hash-1", "hash-2")));
    EXPECT_EQ(run(accounts_.find_password(id, {})).value()->password_hash, "hash-2");
    EXPECT_EQ(password_version(id), version);
}

TEST_P(account_store_contract, a_password_change_ends_all_sessions_and_opens_one) {
    const auto id = register_account("a@example.org");
    const auto other = log_in(id);
    const auto by = log_in(id);
    const auto change = change_of(by, "hash-2");
    auto ended = run(accounts_.change_password(change, audit(audit_type::password_change))).value();
    std::ranges::sort(ended);
    auto expected = session_ids{other.session, by.session};
    std::ranges::sort(expected);
    EXPECT_EQ(ended, expected);
    EXPECT_FALSE(is_live(other.session));
    EXPECT_FALSE(is_live(by.session));
    EXPECT_TRUE(is_live(change.successor.id));
    EXPECT_EQ(run(sessions_.revoked_since(clock_.now())).value().revoked.size(), 2u);
    EXPECT_EQ(run(accounts_.find_password(id, {})).value()->password_hash, "hash-2");
    EXPECT_EQ(password_version(id), change.verified_version + 1);
    EXPECT_EQ(stores_->count_audits(audit_type::password_change), 1u);
}

TEST_P(account_store_contract, a_password_change_kills_even_a_session_that_it_did_not_see) {
    const auto id = register_account("a@example.org");
    const auto by = log_in(id);
    const auto unseen = log_in(id);
    const auto change = change_of(by, "hash-2");
    ASSERT_TRUE(run(accounts_.change_password(change, audit(audit_type::password_change))));
    stores_->undo_end(unseen.session);
    EXPECT_FALSE(is_live(unseen.session));
    EXPECT_TRUE(is_live(change.successor.id));
    stores_->undo_end(change.successor.id);
    EXPECT_TRUE(is_live(change.successor.id)) << "undoing ends nothing by itself";
}

TEST_P(account_store_contract, a_suspension_kills_even_a_session_that_it_did_not_see) {
    const auto id = register_account("a@example.org");
    const auto unseen = log_in(id);
    ASSERT_TRUE(suspend(id));
    stores_->undo_end(unseen.session);
    EXPECT_FALSE(is_live(unseen.session));
    ASSERT_TRUE(restore(id));
    EXPECT_FALSE(is_live(unseen.session));
}

TEST_P(account_store_contract, the_epoch_of_sessions_rises_with_a_password_change_a_suspension_and_a_deletion) {
    const auto id = register_account("a@example.org");
    const auto by = log_in(id);
    const auto epoch = stores_->session_epoch(id);
    auto refused = change_of(by, "hash-2");
    refused.verified_version += 1;
    ASSERT_FALSE(run(accounts_.change_password(refused, audit(audit_type::password_change))));
    EXPECT_EQ(stores_->session_epoch(id), epoch);
    ASSERT_TRUE(run(accounts_.change_password(change_of(by, "hash-2"), audit(audit_type::password_change))));
    EXPECT_EQ(stores_->session_epoch(id), epoch + 1);
    ASSERT_TRUE(suspend(id));
    EXPECT_EQ(stores_->session_epoch(id), epoch + 2);
    ASSERT_TRUE(restore(id));
    EXPECT_EQ(stores_->session_epoch(id), epoch + 2);
    ASSERT_TRUE(remove(id));
    EXPECT_EQ(stores_->session_epoch(id), epoch + 3);
}

TEST_P(account_store_contract, refuses_a_password_change_from_an_ended_session) {
    const auto by = log_in(register_account("a@example.org"));
    ASSERT_TRUE(run(sessions_.end(by.account, by.session, end_reason::log_out, audit(audit_type::log_out))));
    const auto outcome = run(accounts_.change_password(change_of(by, "hash-2"), audit(audit_type::password_change)));
    EXPECT_EQ(code_of(outcome), errc::invalid_token);
    EXPECT_EQ(run(accounts_.find_password(by.account, {})).value()->password_hash, "hash-1");
}

TEST_P(account_store_contract, refuses_a_password_change_from_an_expired_session) {
    const auto by = log_in(register_account("a@example.org"));
    clock_.advance(15 * 24h);
    const auto outcome = run(accounts_.change_password(change_of(by, "hash-2"), audit(audit_type::password_change)));
    EXPECT_EQ(code_of(outcome), errc::invalid_token);
}

TEST_P(account_store_contract, refuses_a_password_change_in_the_name_of_another) {
    const auto anna = log_in(register_account("a@example.org"));
    auto mixed = log_in(register_account("b@example.org"));
    mixed.account = anna.account;
    const auto outcome = run(accounts_.change_password(change_of(mixed, "hash-2"), audit(audit_type::password_change)));
    EXPECT_EQ(code_of(outcome), errc::invalid_token);
}

TEST_P(account_store_contract, refuses_a_password_change_verified_against_an_older_password) {
    const auto id = register_account("a@example.org");
    auto by = log_in(id);
    const auto stale = change_of(by, "hash-3");
    const auto first = change_of(by, "hash-2");
    ASSERT_TRUE(run(accounts_.change_password(first, audit(audit_type::password_change))));
    auto second = stale;
    second.by.session = first.successor.id;
    const auto outcome = run(accounts_.change_password(second, audit(audit_type::password_change)));
    EXPECT_EQ(code_of(outcome), errc::wrong_password);
    EXPECT_TRUE(is_live(first.successor.id));
}

TEST_P(account_store_contract, a_log_in_that_races_a_password_change_does_not_survive_it) {
    for (int round = 0; round < 20; ++round) {
        const auto id = register_account("a" + std::to_string(round) + "@example.org");
        const auto by = log_in(id);
        const auto change = change_of(by, "hash-2");
        std::vector<session> opened;
        for (int i = 0; i < 8; ++i) opened.push_back(new_session(id));
        const auto event = audit(audit_type::log_in);
        const auto open = [&](const session& each) -> task<result<session_ids>> {
            auto outcome = co_await sessions_.open(each, change.verified_version, 50, new_device(), event);
            if (!outcome) co_return std::unexpected(outcome.error());
            co_return std::move(outcome->ended);
        };
        std::vector<task<result<session_ids>>> races;
        for (std::size_t i = 0; i < opened.size(); ++i) {
            if (i == 4) races.push_back(accounts_.change_password(change, event));
            races.push_back(open(opened[i]));
        }
        const auto outcomes = run_together(std::move(races));
        EXPECT_TRUE(outcomes[4]);
        for (const auto& each : opened) EXPECT_FALSE(is_live(each.id));
        for (const auto& each : outcomes) {
            if (!each) EXPECT_EQ(each.error().code, errc::wrong_credentials);
        }
        EXPECT_TRUE(is_live(change.successor.id));
    }
}

TEST_P(account_store_contract, deleting_clears_personal_data_and_frees_the_email) {
    const auto id = register_account("a@example.org");
    const auto by = log_in(id);
    const auto other = log_in(id);
    ASSERT_TRUE(run(profiles_.create(id, {.username = "Anna", .birthday = {}, .avatar = {}}, clock_.now())));
    EXPECT_GT(stores_->count_mentions("Anna"), 0u);
    EXPECT_EQ(remove(id, by).value().size(), 2u);
    for (const auto* personal : {"a@example.org", "Anna", "hash-1", "192.0.2.1", "a browser"}) {
        EXPECT_EQ(stores_->count_mentions(personal), 0u) << personal;
    }
    EXPECT_FALSE(is_live(by.session));
    EXPECT_FALSE(is_live(other.session));
    EXPECT_EQ(run(sessions_.revoked_since(clock_.now())).value().revoked.size(), 2u);
    EXPECT_FALSE(run(accounts_.find_password(id, {})).value());
    EXPECT_FALSE(run(profiles_.find(id)).value().value);
    EXPECT_NE(register_account("a@example.org"), id);
}

TEST_P(account_store_contract, keeps_a_deleted_account_as_a_tombstone) {
    const auto id = register_account("a@example.org");
    ASSERT_TRUE(remove(id));
    const auto tombstone = run(accounts_.find(id)).value();
    ASSERT_TRUE(tombstone);
    EXPECT_EQ(tombstone->status, account_status::deleted);
    EXPECT_EQ(tombstone->email, "");
    auto again = account_with("b@example.org");
    again.id = id;
    EXPECT_FALSE(run(accounts_.create(again, audit(audit_type::register_account))));
}

TEST_P(account_store_contract, refuses_to_delete_what_is_gone_or_from_an_ended_session) {
    const auto by = log_in(register_account("a@example.org"));
    EXPECT_EQ(code_of(remove(uuid::random())), errc::not_found);
    ASSERT_TRUE(run(sessions_.end(by.account, by.session, end_reason::log_out, audit(audit_type::log_out))));
    EXPECT_EQ(code_of(remove(by.account, by)), errc::invalid_token);
    ASSERT_TRUE(remove(by.account));
    EXPECT_EQ(code_of(remove(by.account)), errc::not_found);
    EXPECT_EQ(code_of(remove(by.account, by)), errc::invalid_token);
    EXPECT_EQ(code_of(suspend(by.account)), errc::not_found);
}

TEST_P(account_store_contract, suspending_ends_all_sessions_and_is_idempotent) {
    const auto by = log_in(register_account("a@example.org"));
    EXPECT_EQ(suspend(by.account).value(), session_ids{by.session});
    EXPECT_EQ(suspend(by.account).value(), session_ids());
    EXPECT_FALSE(is_live(by.session));
    EXPECT_EQ(run(sessions_.revoked_since(clock_.now())).value().revoked.size(), 1u);
    EXPECT_EQ(run(accounts_.find(by.account)).value()->status, account_status::suspended);
    EXPECT_EQ(run(accounts_.find_password(by.account, {})).value()->status, account_status::suspended);
    EXPECT_EQ(stores_->count_audits(audit_type::suspend), 1u);
    EXPECT_EQ(code_of(suspend(uuid::random())), errc::not_found);
}

TEST_P(account_store_contract, restoring_does_not_bring_sessions_back) {
    const auto by = log_in(register_account("a@example.org"));
    ASSERT_TRUE(suspend(by.account));
    ASSERT_TRUE(restore(by.account));
    EXPECT_FALSE(is_live(by.session));
    EXPECT_TRUE(is_live(log_in(by.account).session));
}

TEST_P(account_store_contract, records_an_event_on_its_own) {
    auto event = audit(audit_type::log_in);
    event.succeeded = false;
    event.reason = "unknown_account";
    ASSERT_TRUE(run(accounts_.record(event)));
    EXPECT_EQ(stores_->count_audits(audit_type::log_in), 1u);
}

}  // namespace

}  // namespace userinfo::test
