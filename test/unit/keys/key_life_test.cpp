// The life of a key: next, active, retiring, gone; seen from a program that follows it.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include <boost/json.hpp>

#include "support/failure_of.h"
#include "unit/keys/key_fixture.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

using key_life = key_fixture;

TEST_F(key_life, a_next_key_is_published_at_once_and_signs_after_its_lead_time) {
    const auto old = program_.signing_kid();
    const auto next = rotate(key_purpose::access);
    EXPECT_EQ(find(next).not_before, clock_.now() + lead_time);
    ASSERT_TRUE(program_.step());
    EXPECT_TRUE(program_.publishes(next));
    clock_.advance(lead_time - 1us);
    ASSERT_TRUE(program_.step());
    EXPECT_EQ(program_.signing_kid(), old);
    clock_.advance(1us);
    ASSERT_TRUE(program_.step());
    EXPECT_EQ(program_.signing_kid(), next);
    EXPECT_TRUE(program_.publishes(old));
}

TEST_F(key_life, an_access_key_verifies_until_its_last_token_has_expired_everywhere) {
    const auto old = program_.signing_kid();
    rotate(key_purpose::access);
    ASSERT_TRUE(program_.step());
    clock_.advance(lead_time);
    const auto last_token = program_.access_token();
    ASSERT_TRUE(program_.step());
    EXPECT_EQ(find(old).sign_until, clock_.now());
    EXPECT_EQ(find(old).verify_until, clock_.now() + 16min);
    clock_.advance(15min - 1us);
    ASSERT_TRUE(program_.step());
    EXPECT_TRUE(program_.accepts(last_token));
    clock_.advance(1min);
    ASSERT_TRUE(program_.step());
    EXPECT_TRUE(program_.publishes(old));
    clock_.advance(1us);
    ASSERT_TRUE(program_.step());
    EXPECT_FALSE(program_.publishes(old));
    EXPECT_EQ(find(old).state, key_state::gone);
    EXPECT_EQ(find(old).sealed, "");
    EXPECT_EQ(program_.tokens.verify(last_token).error(), token_error::expired) << "a session could not be renewed";
}

TEST_F(key_life, a_refresh_key_verifies_until_the_last_session_has_ended) {
    const auto old = kid_of(key_purpose::refresh, key_state::active);
    const auto token = program_.refresh_token();
    const auto next = rotate(key_purpose::refresh);
    clock_.advance(lead_time);
    ASSERT_TRUE(program_.step());
    EXPECT_EQ(kid_of(key_purpose::refresh, key_state::active), next);
    EXPECT_EQ(find(old).verify_until, clock_.now() + 30 * 24h + 1min);
    EXPECT_NE(program_.refresh_token(), token);
    EXPECT_TRUE(program_.accepts_refresh(token));
    clock_.advance(30 * 24h + 1min - 1us);
    EXPECT_TRUE(program_.accepts_refresh(token));
    clock_.advance(1us);
    EXPECT_FALSE(program_.accepts_refresh(token)) << "the program had not even taken a step";
    ASSERT_TRUE(program_.step());
    EXPECT_EQ(find(old).state, key_state::gone);
    EXPECT_FALSE(program_.accepts_refresh(token));
    EXPECT_TRUE(program_.accepts_refresh(program_.refresh_token()));
}

TEST_F(key_life, each_step_is_audited_with_who_took_it_and_the_kid) {
    const auto old = program_.signing_kid();
    const auto next = rotate(key_purpose::access);
    EXPECT_EQ(audits(audit_type::key_created).back().reason, next);
    EXPECT_EQ(audits(audit_type::key_created).back().actor, "cli:1000");
    clock_.advance(lead_time);
    ASSERT_TRUE(program_.step());
    EXPECT_EQ(audits(audit_type::key_activated).back().reason, next);
    EXPECT_EQ(audits(audit_type::key_activated).back().actor, "userinfo");
    EXPECT_EQ(audits(audit_type::key_retired).back().reason, old);
    clock_.advance(16min);
    ASSERT_TRUE(program_.step());
    EXPECT_EQ(audits(audit_type::key_destroyed).back().reason, old);
    ASSERT_TRUE(revoke(next));
    EXPECT_EQ(audits(audit_type::key_revoked).back().reason, next);
    EXPECT_EQ(audits(audit_type::key_revoked).back().actor, "cli:1000");
    const auto fresh = master_key::generate();
    ASSERT_TRUE(run(operator_.rewrap(masters_.led_by(fresh))));
    EXPECT_EQ(audits(audit_type::keys_rewrapped).back().reason, fresh.id());
}

TEST_F(key_life, a_second_rotation_is_refused_while_a_next_key_waits) {
    rotate(key_purpose::access);
    const auto before = list();
    const auto both = std::vector{key_purpose::refresh, key_purpose::access};
    const auto second = run(operator_.rotate(both, lead_time, masters_));
    EXPECT_EQ(failure_of(second), errc::already_exists);
    EXPECT_TRUE(second.error().message.contains("waits")) << second.error().message;
    EXPECT_EQ(list(), before);
    clock_.advance(lead_time);
    ASSERT_TRUE(program_.step());
    EXPECT_TRUE(run(operator_.rotate(both, lead_time, masters_)));
}

TEST_F(key_life, keys_rotate_many_times) {
    auto token = program_.access_token();
    for (int i = 0; i < 5; ++i) {
        const auto next = rotate(key_purpose::access);
        clock_.advance(lead_time);
        ASSERT_TRUE(program_.step());
        EXPECT_TRUE(program_.accepts(token));
        EXPECT_EQ(program_.signing_kid(), next);
        token = program_.access_token();
    }
    EXPECT_EQ(boost::json::parse(program_.access.current()->jwks()).at("keys").as_array().size(), 6u);
    clock_.advance(16min);
    ASSERT_TRUE(program_.step());
    EXPECT_EQ(boost::json::parse(program_.access.current()->jwks()).at("keys").as_array().size(), 1u);
}

TEST_F(key_life, programs_that_take_a_step_at_once_take_it_once) {
    key_program other(store_, masters_, clock_);
    ASSERT_TRUE(run(other.ring.load()));
    for (int i = 0; i < 10; ++i) {
        const auto next = rotate(key_purpose::access);
        clock_.advance(lead_time);
        std::vector<task<result<void>>> steps;
        steps.push_back(program_.ring.step());
        steps.push_back(other.ring.step());
        for (const auto& outcome : run_together(std::move(steps), 2)) EXPECT_TRUE(outcome);
        ASSERT_TRUE(program_.step());
        ASSERT_TRUE(other.step());
        EXPECT_EQ(program_.signing_kid(), next);
        EXPECT_EQ(other.signing_kid(), next);
        EXPECT_EQ(program_.access.current()->jwks(), other.access.current()->jwks());
        EXPECT_EQ(audits(audit_type::key_activated).size(), static_cast<std::size_t>(i + 1));
        EXPECT_EQ(audits(audit_type::key_retired).size(), static_cast<std::size_t>(i + 1));
    }
}

TEST_F(key_life, a_program_that_has_not_noticed_yet_accepts_what_the_other_signs_and_is_accepted) {
    key_program slow(store_, masters_, clock_);
    ASSERT_TRUE(run(slow.ring.load()));
    rotate(key_purpose::access);
    run(operator_.rotate({key_purpose::refresh}, lead_time, masters_)).value();
    ASSERT_TRUE(slow.step());
    clock_.advance(lead_time);
    ASSERT_TRUE(program_.step());
    ASSERT_NE(program_.signing_kid(), slow.signing_kid());
    EXPECT_TRUE(slow.accepts(program_.access_token()));
    EXPECT_TRUE(program_.accepts(slow.access_token()));
    EXPECT_TRUE(slow.accepts_refresh(program_.refresh_token()));
    EXPECT_TRUE(program_.accepts_refresh(slow.refresh_token()));
}

TEST_F(key_life, there_is_a_signing_key_at_every_moment) {
    std::atomic<bool> over = false;
    std::thread reader([&] {
        while (!over) EXPECT_TRUE(program_.accepts(program_.access_token()));
    });
    for (int i = 0; i < 20; ++i) {
        rotate(key_purpose::access);
        EXPECT_TRUE(program_.step());
        clock_.advance(lead_time);
        EXPECT_TRUE(program_.step());
    }
    over = true;
    reader.join();
}

TEST_F(key_life, a_start_takes_the_steps_that_are_due) {
    const auto old = program_.signing_kid();
    const auto next = rotate(key_purpose::access);
    clock_.advance(24h);
    key_program late(store_, masters_, clock_);
    ASSERT_TRUE(run(late.ring.load()));
    EXPECT_EQ(late.signing_kid(), next);
    EXPECT_TRUE(late.publishes(old));
}

TEST_F(key_life, a_revoked_access_key_is_dead_after_one_step_and_replaced) {
    const auto token = program_.access_token();
    const auto old = program_.signing_kid();
    const auto revoked = run(operator_.revoke(old, masters_)).value();
    EXPECT_EQ(revoked.purpose, key_purpose::access);
    EXPECT_EQ(revoked.successor, kid_of(key_purpose::access, key_state::active));
    EXPECT_EQ(find(old).sealed, "");
    ASSERT_TRUE(program_.step());
    EXPECT_FALSE(program_.accepts(token));
    EXPECT_FALSE(program_.publishes(old));
    EXPECT_EQ(program_.signing_kid(), revoked.successor);
    EXPECT_TRUE(program_.accepts(program_.access_token()));
}

TEST_F(key_life, a_browser_whose_access_key_was_revoked_is_renewed) {
    parts_.register_account(anna);
    const auto grant = parts_.log_in(anna);
    ASSERT_TRUE(revoke(program_.signing_kid()));
    ASSERT_TRUE(run(parts_.keys.step()));
    EXPECT_EQ(failure_of(parts_.authenticate(grant.access_token)), errc::token_expired);
    EXPECT_TRUE(parts_.is_accepted(parts_.refresh(grant).value()));
}

TEST_F(key_life, a_revoked_refresh_key_ends_what_it_signed) {
    const auto token = program_.refresh_token();
    ASSERT_TRUE(revoke(kid_of(key_purpose::refresh, key_state::active)));
    ASSERT_TRUE(program_.step());
    EXPECT_FALSE(program_.accepts_refresh(token));
    EXPECT_TRUE(program_.accepts_refresh(program_.refresh_token()));
}

TEST_F(key_life, next_and_retiring_keys_can_be_revoked_and_the_active_one_stays) {
    const auto active = program_.signing_kid();
    const auto next = rotate(key_purpose::access);
    EXPECT_EQ(run(operator_.revoke(next, masters_)).value().successor, std::nullopt);
    clock_.advance(lead_time);
    ASSERT_TRUE(program_.step());
    EXPECT_EQ(program_.signing_kid(), active);
    const auto token = program_.access_token();
    rotate(key_purpose::access);
    clock_.advance(lead_time);
    ASSERT_TRUE(program_.step());
    EXPECT_TRUE(program_.accepts(token));
    EXPECT_EQ(run(operator_.revoke(active, masters_)).value().successor, std::nullopt);
    ASSERT_TRUE(program_.step());
    EXPECT_FALSE(program_.accepts(token));
}

TEST_F(key_life, what_is_unknown_or_gone_cannot_be_revoked) {
    const auto unknown = run(operator_.revoke("no-such-key", masters_));
    EXPECT_EQ(failure_of(unknown), errc::not_found);
    EXPECT_EQ(unknown.error().message, "there is no key no-such-key");
    const auto kid = program_.signing_kid();
    ASSERT_TRUE(revoke(kid));
    const auto again = run(operator_.revoke(kid, masters_));
    EXPECT_EQ(failure_of(again), errc::not_found);
    EXPECT_EQ(again.error().message, "the key " + kid + " is gone already");
}

TEST_F(key_life, the_internal_key_stays_for_ever) {
    const auto kid = kid_of(key_purpose::internal, key_state::active);
    const auto before = list();
    const auto mac = program_.internal.mac("use", "message");
    EXPECT_EQ(failure_of(run(operator_.revoke(kid, masters_))), errc::invalid_argument);
    EXPECT_EQ(failure_of(run(operator_.rotate({key_purpose::internal}, 0min, masters_))), errc::invalid_argument);
    EXPECT_EQ(list(), before);
    ASSERT_TRUE(run(operator_.rewrap(masters_.led_by(master_key::generate()))));
    ASSERT_TRUE(program_.step());
    EXPECT_EQ(program_.internal.mac("use", "message"), mac);
}

TEST_F(key_life, nothing_is_made_with_a_master_key_that_the_servers_do_not_have) {
    const master_keys other(master_key::generate());
    const auto before = list();
    EXPECT_EQ(failure_of(run(operator_.rotate({key_purpose::access}, lead_time, other))), errc::internal);
    EXPECT_EQ(failure_of(run(operator_.revoke(program_.signing_kid(), other))), errc::internal);
    EXPECT_EQ(failure_of(run(operator_.rewrap(other))), errc::internal);
    EXPECT_EQ(list(), before);
}

// Every 16 bytes of it.
std::vector<std::string> parts_of(const std::string& secret) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i + 16 <= secret.size(); ++i) parts.push_back(secret.substr(i, 16));
    return parts;
}

std::string private_part(const stored_key& key, const master_keys& masters) {
    const auto material = open_key(key, masters).value();
    if (const auto* pair = std::get_if<es256_key>(&material)) return pair->private_der();
    const auto& bytes = std::get<symmetric_key>(material).bytes;
    return {bytes.begin(), bytes.end()};
}

TEST_F(key_life, no_16_bytes_of_a_private_part_are_in_the_files_of_the_database) {
    rotate(key_purpose::access);
    rotate(key_purpose::refresh);
    std::string content;
    for (const auto& entry : std::filesystem::directory_iterator(parts_.folder / "")) {
        std::ifstream stream(entry.path(), std::ios::binary);
        content.append(std::istreambuf_iterator<char>(stream), {});
    }
    for (const auto& key : list()) {
        ASSERT_TRUE(content.contains(key.kid));
        ASSERT_TRUE(content.contains(key.sealed));
        for (const auto& part : parts_of(private_part(key, masters_))) EXPECT_FALSE(content.contains(part)) << key.kid;
    }
}

TEST_F(key_life, after_a_rewrap_the_new_master_key_alone_opens_the_same_keys) {
    const auto fresh = master_key::generate();
    rotate(key_purpose::access);
    const auto gone = rotate(key_purpose::refresh);
    ASSERT_TRUE(revoke(gone));
    ASSERT_TRUE(program_.step());
    EXPECT_EQ(run(operator_.rewrap(masters_.led_by(fresh))).value(), 4u);
    for (const auto& key : list()) {
        EXPECT_EQ(key.sealing_key_id == fresh.id(), key.state != key_state::gone);
    }
    key_program again(store_, master_keys(fresh), clock_);
    ASSERT_TRUE(run(again.ring.load()));
    EXPECT_EQ(again.access.current()->jwks(), program_.access.current()->jwks());
    EXPECT_EQ(again.refresh_token(), program_.refresh_token());
    EXPECT_FALSE(run(key_program(store_, masters_, clock_).ring.load()));
}

}  // namespace
}  // namespace userinfo
