#include <algorithm>

#include "contract/stores.h"

namespace userinfo::test {

namespace {

using namespace std::chrono_literals;

class session_store_contract : public store_contract {
protected:
    rotation_request request(const uuid& session, std::uint64_t generation) const {
        return {.session = session,
                .generation = generation,
                .now = clock_.now(),
                .address = "198.51.100.7",
                .idle = 14 * 24h};
    }

    rotation rotate(const uuid& session, std::uint64_t generation) {
        return run(sessions_.rotate(request(session, generation), audit(audit_type::refresh))).value();
    }

    rotation rotate_as(const uuid& session, std::uint64_t generation, const audit_event& event) {
        return run(sessions_.rotate(request(session, generation), event)).value();
    }

    bool arrives(const uuid& session, std::uint64_t generation) {
        return run(sessions_.note_arrival(session, generation)).value();
    }

    result<session_ids> open(const session& opened, std::uint64_t version, std::size_t per_account = 50) {
        auto outcome = run(sessions_.open(opened, version, per_account, new_device(), audit(audit_type::log_in)));
        if (!outcome) return std::unexpected(outcome.error());
        return std::move(outcome->ended);
    }

    bool log_out(const principal& by) {
        return run(sessions_.end(by.account, by.session, end_reason::log_out, audit(audit_type::log_out))).value();
    }

    bool is_revoked(const uuid& session) {
        const auto revocations = run(sessions_.revoked_since(timestamp())).value().revoked;
        return std::ranges::find(revocations, session, &revocation::session) != revocations.end();
    }

    uuid account_ = register_account("a@example.org");
};

INSTANTIATE_TEST_SUITE_P(, session_store_contract, testing::ValuesIn(all_stores()), name_of);

TEST_P(session_store_contract, gives_back_what_was_opened) {
    auto opened = new_session(account_);
    opened.transport = transport::bearer;
    ASSERT_TRUE(open(opened, password_version(account_)));
    const auto found = run(sessions_.find_live(opened.id, clock_.now())).value();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, opened.id);
    EXPECT_EQ(found->account, account_);
    EXPECT_EQ(found->nonce, opened.nonce);
    EXPECT_EQ(found->generation, 1u);
    EXPECT_EQ(found->transport, transport::bearer);
    EXPECT_EQ(found->client, "web");
    EXPECT_EQ(found->amr, "pwd");
    EXPECT_EQ(found->device, "a browser");
    EXPECT_EQ(found->address, "192.0.2.1");
    EXPECT_EQ(found->last_address, "192.0.2.1");
    EXPECT_EQ(found->auth_time, opened.auth_time);
    EXPECT_EQ(found->created_at, opened.created_at);
    EXPECT_EQ(found->last_seen_at, opened.last_seen_at);
    EXPECT_EQ(found->idle_expires_at, opened.idle_expires_at);
    EXPECT_EQ(found->absolute_expires_at, opened.absolute_expires_at);
    EXPECT_EQ(stores_->count_audits(audit_type::log_in), 1u);
}

TEST_P(session_store_contract, finds_a_session_with_what_decides_about_it_even_if_it_is_over) {
    EXPECT_FALSE(run(sessions_.find(uuid::random())).value());
    const auto by = log_in(account_);
    const auto find = [&] { return run(sessions_.find(by.session)).value().value(); };
    EXPECT_EQ(find().value.account, account_);
    EXPECT_FALSE(find().rotated_at);
    EXPECT_TRUE(find().is_live(clock_.now()));
    rotate(by.session, 1);
    EXPECT_EQ(find().rotated_at, clock_.now());
    EXPECT_EQ(find().value.generation, 2u);
    EXPECT_TRUE(find().tells_generation);
    EXPECT_FALSE(find().arrived_at);
    ASSERT_TRUE(arrives(by.session, 2));
    EXPECT_EQ(find().arrived_at, clock_.now());
    clock_.advance(31s);
    EXPECT_EQ(rotate(by.session, 1).outcome, rotation_outcome::reused);
    EXPECT_TRUE(find().ended);
    EXPECT_FALSE(find().is_live(clock_.now()));
}

TEST_P(session_store_contract, opens_none_for_another_password_or_account) {
    const auto version = password_version(account_);
    EXPECT_EQ(code_of(open(new_session(account_), version + 1)), errc::wrong_credentials);
    EXPECT_EQ(code_of(open(new_session(uuid::random()), version)), errc::wrong_credentials);
    ASSERT_TRUE(run(accounts_.remove(account_, {}, audit(audit_type::delete_account))));
    EXPECT_EQ(code_of(open(new_session(account_), version)), errc::wrong_credentials);
}

TEST_P(session_store_contract, tells_of_suspension_only_after_the_right_password) {
    const auto version = password_version(account_);
    ASSERT_TRUE(run(accounts_.set_status(account_, account_status::suspended, audit(audit_type::suspend))));
    EXPECT_EQ(code_of(open(new_session(account_), version)), errc::account_suspended);
    EXPECT_EQ(code_of(open(new_session(account_), version + 1)), errc::wrong_credentials);
}

TEST_P(session_store_contract, ends_the_one_unused_for_longest_when_there_are_too_many) {
    std::vector<uuid> ids;
    for (int i = 0; i < 3; ++i) {
        ids.push_back(log_in(account_).session);
        clock_.advance(1s);
    }
    rotate(ids[0], 1);  // the oldest, but seen last
    const auto opened = new_session(account_);
    EXPECT_EQ(open(opened, password_version(account_), 3).value(), session_ids{ids[1]});
    EXPECT_FALSE(is_live(ids[1]));
    EXPECT_TRUE(is_revoked(ids[1]));
    EXPECT_TRUE(is_live(ids[0]));
    EXPECT_TRUE(is_live(ids[2]));
    EXPECT_TRUE(is_live(opened.id));
    EXPECT_EQ(stores_->count_audits(audit_type::session_end), 1u);
    EXPECT_EQ(open(new_session(account_), password_version(account_), 1).value().size(), 3u);
    EXPECT_EQ(stores_->count_audits(audit_type::session_end), 4u);
}

TEST_P(session_store_contract, does_not_count_expired_sessions_as_too_many) {
    log_in(account_);
    clock_.advance(15 * 24h);
    EXPECT_TRUE(open(new_session(account_), password_version(account_), 1).value().empty());
}

TEST_P(session_store_contract, a_session_expires_when_idle) {
    const auto by = log_in(account_);
    clock_.advance(14 * 24h - 1us);
    EXPECT_TRUE(is_live(by.session));
    clock_.advance(1us);
    EXPECT_FALSE(is_live(by.session));
    EXPECT_EQ(rotate(by.session, 1).outcome, rotation_outcome::ended);
    EXPECT_FALSE(log_out(by));
}

TEST_P(session_store_contract, rotation_extends_the_idle_expiry_but_never_past_the_absolute_one) {
    const auto by = log_in(account_);
    const auto absolute = run(sessions_.find_live(by.session, clock_.now())).value()->absolute_expires_at;
    clock_.advance(10 * 24h);
    const auto first = rotate(by.session, 1);
    ASSERT_EQ(first.outcome, rotation_outcome::rotated);
    EXPECT_EQ(first.current->idle_expires_at, clock_.now() + 14 * 24h);
    clock_.advance(10 * 24h);
    const auto second = rotate(by.session, 2);
    EXPECT_EQ(second.current->idle_expires_at, absolute);
    EXPECT_EQ(second.current->absolute_expires_at, absolute);
    clock_.set(absolute - 1us);
    EXPECT_TRUE(is_live(by.session));
    clock_.set(absolute);
    EXPECT_FALSE(is_live(by.session));
}

TEST_P(session_store_contract, rotation_advances_the_generation_and_notes_where) {
    const auto by = log_in(account_);
    clock_.advance(1h);
    const auto rotated = rotate(by.session, 1);
    ASSERT_EQ(rotated.outcome, rotation_outcome::rotated);
    const auto stored = run(sessions_.find_live(by.session, clock_.now())).value();
    for (const auto& each : {*rotated.current, *stored}) {
        EXPECT_EQ(each.generation, 2u);
        EXPECT_EQ(each.last_seen_at, clock_.now());
        EXPECT_EQ(each.last_address, "198.51.100.7");
        EXPECT_EQ(each.address, "192.0.2.1");
    }
    EXPECT_EQ(stored->nonce, rotated.current->nonce);
    EXPECT_EQ(stores_->count_audits(audit_type::refresh), 1u);
}

TEST_P(session_store_contract, gives_the_immediate_predecessor_the_same_successor_within_the_grace) {
    const auto by = log_in(account_);
    rotate(by.session, 1);
    clock_.advance(30s);
    const auto repeated = rotate(by.session, 1);
    EXPECT_EQ(repeated.outcome, rotation_outcome::repeated);
    EXPECT_EQ(repeated.current->generation, 2u);
    EXPECT_EQ(stores_->count_audits(audit_type::refresh), 1u);
    EXPECT_EQ(rotate(by.session, 2).outcome, rotation_outcome::rotated);
}

TEST_P(session_store_contract, gives_the_predecessor_the_same_successor_later_and_records_both_addresses) {
    const auto by = log_in(account_);
    rotate(by.session, 1);
    clock_.advance(1h);
    for (int i = 0; i < 2; ++i) {
        const auto repeated = rotate(by.session, 1);
        EXPECT_EQ(repeated.outcome, rotation_outcome::repeated_late);
        EXPECT_EQ(repeated.current->generation, 2u);
        EXPECT_EQ(repeated.current->last_address, "198.51.100.7");
    }
    EXPECT_EQ(stores_->count_audits(audit_type::refresh_repeated), 2u);
    EXPECT_EQ(rotate(by.session, 2).outcome, rotation_outcome::rotated);
}

TEST_P(session_store_contract, records_a_late_repeat_with_addresses_of_any_length) {
    const auto by = log_in(account_);
    auto asked = request(by.session, 1);
    asked.address = "2001:0db8:aaaa:bbbb:cccc:dddd:eeee:ffff";
    auto event = audit(audit_type::refresh);
    event.address = std::string(64, 'a');
    ASSERT_TRUE(run(sessions_.rotate(asked, event)));
    clock_.advance(1h);
    EXPECT_EQ(rotate_as(by.session, 1, event).outcome, rotation_outcome::repeated_late);
    EXPECT_EQ(stores_->count_audits(audit_type::refresh_repeated), 1u);
}

TEST_P(session_store_contract, counts_late_repeats_anew_after_each_rotation) {
    const auto by = log_in(account_);
    for (const std::uint64_t generation : {1, 2}) {
        ASSERT_EQ(rotate(by.session, generation).outcome, rotation_outcome::rotated);
        clock_.advance(1min);
        for (std::uint64_t i = 0; i < most_late_repeats; ++i) {
            ASSERT_EQ(rotate(by.session, generation).outcome, rotation_outcome::repeated_late);
        }
    }
    EXPECT_EQ(rotate(by.session, 2).outcome, rotation_outcome::repeated_too_often);
    EXPECT_FALSE(is_live(by.session));
    EXPECT_TRUE(is_revoked(by.session));
    EXPECT_EQ(stores_->count_audits(audit_type::refresh_reuse), 1u);
}

TEST_P(session_store_contract, a_predecessor_ends_the_session_30_s_after_its_successor_arrived) {
    const auto by = log_in(account_);
    rotate(by.session, 1);
    clock_.advance(1h);
    EXPECT_TRUE(arrives(by.session, 2));
    clock_.advance(30s);
    EXPECT_EQ(rotate(by.session, 1).outcome, rotation_outcome::repeated_late);
    clock_.advance(1us);
    const auto reused = rotate(by.session, 1);
    EXPECT_EQ(reused.outcome, rotation_outcome::reused);
    EXPECT_EQ(reused.current->id, by.session);
    EXPECT_FALSE(is_live(by.session));
    EXPECT_TRUE(is_revoked(by.session));
    EXPECT_EQ(stores_->count_audits(audit_type::refresh_reuse), 1u);
    EXPECT_EQ(rotate(by.session, 2).outcome, rotation_outcome::ended);
}

TEST_P(session_store_contract, notes_an_arrival_once_and_tells_of_it) {
    const auto by = log_in(account_);
    EXPECT_FALSE(arrives(by.session, 1)) << "the first needs no proof";
    EXPECT_FALSE(arrives(by.session, 2)) << "it was never given";
    rotate(by.session, 1);
    EXPECT_EQ(run(sessions_.find_live(by.session, clock_.now())).value()->arrived, 1u);
    EXPECT_FALSE(arrives(by.session, 1));
    EXPECT_TRUE(arrives(by.session, 2));
    EXPECT_FALSE(arrives(by.session, 2));
    EXPECT_EQ(run(sessions_.find_live(by.session, clock_.now())).value()->arrived, 2u);
    rotate(by.session, 2);
    EXPECT_FALSE(arrives(by.session, 2));
    EXPECT_TRUE(arrives(by.session, 3));
    EXPECT_TRUE(log_out(by));
    EXPECT_FALSE(arrives(by.session, 3));
    EXPECT_FALSE(arrives(uuid::random(), 2));
}

TEST_P(session_store_contract, an_older_one_is_refused_within_the_grace_and_ends_the_session_later) {
    const auto by = log_in(account_);
    rotate(by.session, 1);
    rotate(by.session, 2);
    EXPECT_EQ(rotate(by.session, 1).outcome, rotation_outcome::superseded);
    EXPECT_TRUE(is_live(by.session));
    EXPECT_EQ(stores_->count_audits(audit_type::refresh_reuse), 0u);
    clock_.advance(30s + 1us);
    EXPECT_EQ(rotate(by.session, 1).outcome, rotation_outcome::reused);
    EXPECT_FALSE(is_live(by.session));
    EXPECT_EQ(rotate(by.session, 1).outcome, rotation_outcome::ended);
    EXPECT_EQ(stores_->count_audits(audit_type::refresh_reuse), 1u);
}

TEST_P(session_store_contract, a_generation_not_yet_given_touches_nothing) {
    const auto by = log_in(account_);
    EXPECT_EQ(rotate(by.session, 2).outcome, rotation_outcome::ended);
    EXPECT_TRUE(is_live(by.session));
}

TEST_P(session_store_contract, there_is_no_grace_after_log_out) {
    const auto by = log_in(account_);
    rotate(by.session, 1);
    EXPECT_TRUE(log_out(by));
    EXPECT_EQ(rotate(by.session, 1).outcome, rotation_outcome::ended);
    EXPECT_EQ(rotate(by.session, 2).outcome, rotation_outcome::ended);
    EXPECT_EQ(rotate(uuid::random(), 1).outcome, rotation_outcome::ended);
}

TEST_P(session_store_contract, parallel_rotations_all_get_the_same_successor) {
    const auto by = log_in(account_);
    const auto once = request(by.session, 1);
    const auto event = audit(audit_type::refresh);
    std::vector<task<result<rotation>>> rotations;
    for (int i = 0; i < 50; ++i) rotations.push_back(sessions_.rotate(once, event));
    std::size_t rotated = 0;
    for (const auto& each : run_together(std::move(rotations))) {
        ASSERT_TRUE(each);
        if (each->outcome == rotation_outcome::rotated)
            ++rotated;
        else
            EXPECT_EQ(each->outcome, rotation_outcome::repeated);
        EXPECT_EQ(each->current->generation, 2u);
    }
    EXPECT_EQ(rotated, 1u);
    EXPECT_EQ(stores_->count_audits(audit_type::refresh), 1u);
}

TEST_P(session_store_contract, ending_tells_whether_it_was_live_and_may_be_done_twice) {
    const auto by = log_in(account_);
    EXPECT_TRUE(log_out(by));
    EXPECT_FALSE(log_out(by));
    EXPECT_FALSE(is_live(by.session));
    EXPECT_EQ(run(sessions_.revoked_since(timestamp())).value().revoked.size(), 1u);
    EXPECT_EQ(stores_->count_audits(audit_type::log_out), 1u);
}

TEST_P(session_store_contract, ends_no_session_of_another) {
    const auto anna = log_in(account_);
    const auto berta = log_in(register_account("b@example.org"));
    EXPECT_FALSE(
        run(sessions_.end(berta.account, anna.session, end_reason::log_out, audit(audit_type::log_out))).value());
    EXPECT_EQ(code_of(run(sessions_.end_one(berta, anna.session, audit(audit_type::session_end)))), errc::not_found);
    EXPECT_TRUE(run(sessions_.end_others(berta, clock_.now(), audit(audit_type::session_end))).value().empty());
    EXPECT_TRUE(is_live(anna.session));
}

TEST_P(session_store_contract, ends_one_other_session) {
    const auto by = log_in(account_);
    const auto other = log_in(account_);
    EXPECT_TRUE(run(sessions_.end_one(by, other.session, audit(audit_type::session_end))));
    EXPECT_FALSE(is_live(other.session));
    EXPECT_TRUE(is_revoked(other.session));
    EXPECT_TRUE(is_live(by.session));
    EXPECT_EQ(code_of(run(sessions_.end_one(by, other.session, audit(audit_type::session_end)))), errc::not_found);
}

TEST_P(session_store_contract, ends_all_other_sessions) {
    const auto by = log_in(account_);
    const auto other = log_in(account_);
    const auto third = log_in(account_);
    EXPECT_EQ(run(sessions_.end_others(by, clock_.now(), audit(audit_type::session_end))).value().size(), 2u);
    EXPECT_TRUE(is_live(by.session));
    EXPECT_FALSE(is_live(other.session));
    EXPECT_FALSE(is_live(third.session));
    EXPECT_EQ(stores_->count_audits(audit_type::session_end), 2u);
}

TEST_P(session_store_contract, ending_all_others_again_returns_those_that_their_owner_has_ended_lately) {
    const auto by = log_in(account_);
    const auto logged_out = log_in(account_);
    const auto ended = log_in(account_);
    log_out(logged_out);
    ASSERT_TRUE(run(sessions_.end_one(by, ended.session, audit(audit_type::session_end))));
    const auto now = clock_.now();
    const auto again = [&](timestamp since) {
        return run(sessions_.end_others(by, since, audit(audit_type::session_end))).value();
    };
    EXPECT_EQ(again(now), session_ids{ended.session});
    EXPECT_EQ(again(now + 1us), session_ids{});
    EXPECT_EQ(stores_->count_audits(audit_type::session_end), 1u);
}

TEST_P(session_store_contract, an_ended_session_ends_no_others) {
    const auto by = log_in(account_);
    const auto other = log_in(account_);
    log_out(by);
    EXPECT_EQ(code_of(run(sessions_.end_one(by, other.session, audit(audit_type::session_end)))), errc::invalid_token);
    EXPECT_EQ(code_of(run(sessions_.end_others(by, clock_.now(), audit(audit_type::session_end)))),
              errc::invalid_token);
    EXPECT_TRUE(is_live(other.session));
}

TEST_P(session_store_contract, lists_live_sessions_the_last_seen_first) {
    const auto first = log_in(account_);
    clock_.advance(1s);
    const auto second = log_in(account_);
    clock_.advance(1s);
    const auto ended = log_in(account_);
    log_out(ended);
    log_in(register_account("b@example.org"));
    rotate(first.session, 1);
    const auto listed = run(sessions_.list_live(account_, clock_.now())).value();
    ASSERT_EQ(listed.size(), 2u);
    EXPECT_EQ(listed[0].id, first.session);
    EXPECT_EQ(listed[1].id, second.session);
    EXPECT_TRUE(run(sessions_.list_live(account_, clock_.now() + 31 * 24h)).value().empty());
}

TEST_P(session_store_contract, tells_what_was_revoked_since) {
    const auto first = log_in(account_);
    const auto second = log_in(account_);
    log_out(first);
    clock_.advance(10s);
    const auto later = clock_.now();
    log_out(second);
    const auto revoked = run(sessions_.revoked_since(later)).value().revoked;
    ASSERT_EQ(revoked.size(), 1u);
    EXPECT_EQ(revoked[0].session, second.session);
    EXPECT_EQ(revoked[0].revoked_at, later);
    EXPECT_EQ(run(sessions_.revoked_since(timestamp())).value().revoked.size(), 2u);
}

TEST_P(session_store_contract, purges_what_is_old_and_nothing_else) {
    const auto ended = log_in(account_);
    log_out(ended);
    log_in(account_);  // will have expired
    clock_.advance(20 * 24h);
    const auto live = log_in(account_);
    const auto ended_late = log_in(account_);
    log_out(ended_late);
    const auto before = clock_.now() - 24h;
    ASSERT_TRUE(run(sessions_.purge(before, before)));
    EXPECT_TRUE(is_live(live.session));
    EXPECT_TRUE(is_revoked(ended_late.session));
    EXPECT_FALSE(is_revoked(ended.session));
}

TEST_P(session_store_contract, purges_more_than_fits_in_one_go) {
    for (int i = 0; i < 10; ++i) {
        const auto person = register_account("p" + std::to_string(i) + "@example.org");
        for (int j = 0; j < 60; ++j) log_in(person);
        ASSERT_TRUE(run(accounts_.set_status(person, account_status::suspended, audit(audit_type::suspend))));
    }
    clock_.advance(1h);
    ASSERT_TRUE(run(sessions_.purge(clock_.now(), clock_.now())));
    EXPECT_TRUE(run(sessions_.revoked_since(timestamp())).value().revoked.empty());
}

}  // namespace

}  // namespace userinfo::test
