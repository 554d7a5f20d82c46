#include "keys/key_ring.h"

#include <set>

#include "support/failure_of.h"
#include "unit/keys/key_fixture.h"

namespace userinfo {
namespace {

using namespace test;

using key_ring_test = key_fixture;

TEST_F(key_ring_test, makes_one_key_for_each_purpose_and_seals_it) {
    const auto stored = list();
    ASSERT_EQ(stored.size(), 3u);
    EXPECT_EQ((std::set{stored[0].purpose, stored[1].purpose, stored[2].purpose}.size()), 3u);
    for (const auto& key : stored) {
        EXPECT_EQ(key.state, key_state::active);
        EXPECT_EQ(key.sealing_key_id, parts_.master.id());
        EXPECT_EQ(key.created_at, clock_.now());
        EXPECT_FALSE(key.sealed.empty());
        EXPECT_EQ(key.public_jwk.find("\"d\""), std::string::npos);
    }
    EXPECT_EQ(audits(audit_type::key_created).size(), 3u);
    const auto set = program_.access.current();
    EXPECT_EQ(set->signing_key().kid, set->signing_key().key.thumbprint());
}

TEST_F(key_ring_test, loads_the_same_keys_again) {
    EXPECT_EQ(list().size(), 3u);
    EXPECT_EQ(program_.access.current()->jwks(), parts_.published.current()->jwks());
    EXPECT_EQ(program_.refresh_token(), parts_.refresh_keys.issue(key_program::session, 1, key_program::nonce));
    EXPECT_EQ(program_.internal.mac("use", "message"), parts_.internal.mac("use", "message"));
    EXPECT_EQ(audits(audit_type::key_created).size(), 3u);
}

TEST_F(key_ring_test, tokens_outlive_a_restart) {
    parts_.register_account(anna);
    const auto grant = parts_.log_in(anna);
    key_program again(store_, masters_, clock_);
    ASSERT_TRUE(run(again.ring.load()));
    EXPECT_TRUE(again.accepts(grant.access_token));
}

TEST_F(key_ring_test, refuses_another_master_key_and_names_both) {
    const auto other = master_key::generate();
    key_program again(store_, master_keys(other), clock_);
    const auto outcome = run(again.ring.load());
    ASSERT_FALSE(outcome);
    EXPECT_TRUE(outcome.error().message.contains(parts_.master.id())) << outcome.error().message;
    EXPECT_TRUE(outcome.error().message.contains(other.id())) << outcome.error().message;
    EXPECT_THROW(again.access.current()->signing_key(), std::logic_error);
    EXPECT_EQ(list().size(), 3u);
}

TEST_F(key_ring_test, a_sealed_key_opens_in_its_own_row_only) {
    for (const auto& key : list()) {
        for (const auto& context : {std::string(), key.kid, "userinfo key 4 " + key.kid}) {
            EXPECT_EQ(parts_.master.unseal(key.sealed, context), std::nullopt);
        }
        const auto number = std::to_string(static_cast<int>(key.purpose));
        EXPECT_TRUE(parts_.master.unseal(key.sealed, "userinfo key " + number + ' ' + key.kid));
    }
}

TEST(key_ring, programs_that_start_at_once_agree_on_the_keys) {
    const scratch_folder folder;
    const auto file = folder / "userinfo.db";
    manual_clock clock;
    metrics figures;
    sql::migrate_sqlite(file, clock);
    sql::sqlite_database database({.file = file}, figures);
    sql::sql_stores stores(database, nullptr, clock);
    const auto master = master_key::generate();
    std::vector<std::unique_ptr<key_program>> programs;
    std::vector<task<result<void>>> loads;
    for (int i = 0; i < 4; ++i) {
        programs.push_back(std::make_unique<key_program>(stores.keys, master_keys(master), clock));
        loads.push_back(programs.back()->ring.load());
    }
    for (const auto& outcome : run_together(std::move(loads))) EXPECT_TRUE(outcome);
    EXPECT_EQ(run(stores.keys.list()).value().size(), 3u);
    for (const auto& program : programs) {
        EXPECT_EQ(program->access.current()->jwks(), programs[0]->access.current()->jwks());
    }
}

TEST_F(key_ring_test, goes_on_with_its_keys_while_the_store_does_not_answer) {
    const auto token = program_.access_token();
    const auto next = rotate(key_purpose::access);
    program_.store.reads = false;
    EXPECT_FALSE(program_.step());
    EXPECT_TRUE(program_.accepts(token));
    EXPECT_TRUE(program_.accepts(program_.access_token()));
    EXPECT_FALSE(program_.publishes(next));
    program_.store.reads = true;
    EXPECT_TRUE(program_.step());
    EXPECT_TRUE(program_.publishes(next));
}

TEST_F(key_ring_test, takes_over_a_revocation_though_it_cannot_write) {
    const auto token = program_.access_token();
    rotate(key_purpose::refresh);
    clock_.advance(lead_time);
    ASSERT_TRUE(revoke(program_.signing_kid()));
    program_.store.writes = false;
    EXPECT_FALSE(program_.step());
    EXPECT_FALSE(program_.accepts(token));
    EXPECT_TRUE(program_.accepts(program_.access_token()));
}

TEST_F(key_ring_test, asks_for_all_keys_only_when_one_comes_or_goes) {
    EXPECT_EQ(program_.store.times_all_read, 1) << "at its start";
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(program_.step());
    EXPECT_EQ(program_.store.times_all_read, 1);
    ASSERT_TRUE(revoke(program_.signing_kid()));
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(program_.step());
    EXPECT_EQ(program_.store.times_all_read, 2);
}

TEST_F(key_ring_test, a_key_that_is_not_live_any_more_is_gone_even_if_nothing_else_can_be_read) {
    const auto access = program_.access_token();
    const auto refresh = program_.refresh_token();
    const auto signer = program_.signing_kid();
    ASSERT_TRUE(revoke(signer));
    ASSERT_TRUE(revoke(kid_of(key_purpose::refresh, key_state::active)));
    program_.store.reads_all = false;
    EXPECT_FALSE(program_.step());
    EXPECT_EQ(program_.tokens.verify(access).error(), token_error::expired) << "its session could not be renewed";
    EXPECT_FALSE(program_.accepts_refresh(refresh));
    EXPECT_FALSE(program_.publishes(signer));
    EXPECT_TRUE(program_.accepts(program_.access_token()));
    EXPECT_TRUE(program_.accepts_refresh(program_.refresh_token()));
    program_.store.reads_all = true;
    EXPECT_TRUE(program_.step());
    EXPECT_EQ(program_.tokens.verify(access).error(), token_error::expired);
}

TEST_F(key_ring_test, a_token_of_a_key_that_came_and_went_unseen_is_renewed) {
    key_program other(store_, masters_, clock_);
    ASSERT_TRUE(run(other.ring.load()));
    program_.store.reads = false;
    const auto unseen = run(operator_.rotate({key_purpose::access}, std::chrono::minutes(0), masters_)).value().front();
    ASSERT_TRUE(other.step());
    ASSERT_EQ(other.signing_kid(), unseen);
    const auto token = other.access_token();
    EXPECT_EQ(program_.tokens.verify(token).error(), token_error::malformed);
    ASSERT_TRUE(revoke(unseen));
    program_.store.reads = true;
    program_.store.reads_all = false;
    EXPECT_FALSE(program_.step());
    program_.store.reads_all = true;
    EXPECT_TRUE(program_.step()) << "it does not ask again for what it could not read";
    EXPECT_EQ(program_.tokens.verify(token).error(), token_error::expired);
}

TEST_F(key_ring_test, a_start_knows_the_former_keys) {
    const auto token = program_.access_token();
    ASSERT_TRUE(revoke(program_.signing_kid()));
    key_program late(store_, masters_, clock_);
    ASSERT_TRUE(run(late.ring.load()));
    EXPECT_EQ(late.tokens.verify(token).error(), token_error::expired);
}

TEST_F(key_ring_test, opens_no_key_twice) {
    ASSERT_EQ(program_.times_read, 0);
    const auto fresh = master_key::generate();
    ASSERT_TRUE(run(operator_.rewrap(masters_.led_by(fresh))));
    EXPECT_TRUE(program_.step());
    EXPECT_EQ(program_.times_read, 0);
}

TEST_F(key_ring_test, reads_the_master_keys_again_when_they_were_replaced) {
    const auto fresh = master_key::generate();
    ASSERT_TRUE(run(operator_.rewrap(masters_.led_by(fresh))));
    program_.file = master_keys(fresh);
    const auto next = run(operator_.rotate({key_purpose::access}, lead_time, master_keys(fresh))).value().front();
    EXPECT_TRUE(program_.step());
    EXPECT_TRUE(program_.publishes(next));
    EXPECT_EQ(program_.times_read, 1);
}

TEST_F(key_ring_test, a_start_reads_the_master_keys_again_too) {
    const auto fresh = master_key::generate();
    ASSERT_TRUE(run(operator_.rewrap(masters_.led_by(fresh))));
    key_program late(store_, masters_, clock_);
    late.file = master_keys(fresh);
    EXPECT_TRUE(run(late.ring.load()));
    EXPECT_EQ(late.access.current()->jwks(), program_.access.current()->jwks());
}

TEST_F(key_ring_test, goes_on_with_its_keys_if_a_new_one_does_not_open) {
    const auto fresh = master_key::generate();
    ASSERT_TRUE(run(operator_.rewrap(masters_.led_by(fresh))));
    const auto next = run(operator_.rotate({key_purpose::access}, lead_time, master_keys(fresh))).value().front();
    const auto token = program_.access_token();
    const auto signer = program_.signing_kid();
    for (int i = 0; i < 3; ++i) {
        EXPECT_FALSE(program_.step());
        clock_.advance(lead_time);
        EXPECT_EQ(program_.signing_kid(), signer);
        EXPECT_TRUE(program_.accepts(token));
        EXPECT_FALSE(program_.publishes(next));
    }
    EXPECT_EQ(find(next).state, key_state::next) << "a program begins what it cannot open";
    program_.file = master_keys(fresh);
    EXPECT_TRUE(program_.step());
    EXPECT_EQ(program_.signing_kid(), next);
}

TEST_F(key_ring_test, complains_of_a_signer_that_is_gone_without_a_successor) {
    const auto signer = program_.signing_kid();
    sql::sqlite_connection db(parts_.file, sql::sqlite_connection::access::write);
    db.execute("UPDATE crypto_key SET state = 4 WHERE kid = ?", {std::string_view(signer)});
    for (int i = 0; i < 2; ++i) EXPECT_FALSE(program_.step());
    EXPECT_EQ(program_.signing_kid(), signer);
    EXPECT_FALSE(program_.accepts(program_.access_token()));
}

TEST_F(key_ring_test, accepts_nothing_of_a_revoked_key_even_if_its_successor_does_not_open) {
    const auto fresh = master_key::generate();
    ASSERT_TRUE(run(operator_.rewrap(masters_.led_by(fresh))));
    for (const auto purpose : {key_purpose::access, key_purpose::refresh}) {
        ASSERT_TRUE(run(operator_.revoke(kid_of(purpose, key_state::active), master_keys(fresh))));
    }
    const auto token = program_.access_token();
    const auto refresh = program_.refresh_token();
    const auto signer = program_.signing_kid();
    EXPECT_FALSE(program_.step());
    EXPECT_FALSE(program_.accepts(token));
    EXPECT_FALSE(program_.accepts_refresh(refresh));
    EXPECT_FALSE(program_.accepts(program_.access_token()));
    EXPECT_FALSE(program_.accepts_refresh(program_.refresh_token()));
    EXPECT_FALSE(program_.publishes(signer));
    program_.file = master_keys(fresh);
    EXPECT_TRUE(program_.step());
    EXPECT_TRUE(program_.accepts(program_.access_token()));
    EXPECT_TRUE(program_.accepts_refresh(program_.refresh_token()));
    EXPECT_FALSE(program_.accepts(token));
}

}  // namespace
}  // namespace userinfo
