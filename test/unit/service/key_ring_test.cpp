#include "service/key_ring.h"

#include <set>

#include "support/failure_of.h"
#include "support/service_parts.h"

namespace userinfo {
namespace {

using namespace test;

// What a program has of its keys.
struct loaded_keys {
    explicit loaded_keys(key_store& store, const master_key& master, const clock& clock)
        : ring(store, master, clock, access, refresh, internal) {}

    access_keys access;
    refresh_tokens refresh;
    internal_key internal;
    key_ring ring;
};

TEST(key_ring, makes_one_key_for_each_purpose_and_seals_it) {
    service_parts parts;
    const auto stored = run(parts.store.keys.list()).value();
    ASSERT_EQ(stored.size(), 3u);
    EXPECT_EQ((std::set{stored[0].purpose, stored[1].purpose, stored[2].purpose}.size()), 3u);
    for (const auto& key : stored) {
        EXPECT_EQ(key.state, key_state::active);
        EXPECT_EQ(key.sealing_key_id, parts.master.id());
        EXPECT_FALSE(key.sealed.empty());
        EXPECT_EQ(key.public_jwk.find("\"d\""), std::string::npos);
    }
    EXPECT_EQ(parts.audits(audit_type::key_created).size(), 3u);
    EXPECT_EQ(parts.published.current()->signing_key().kid, parts.published.current()->signing_key().key.thumbprint());
}

TEST(key_ring, loads_the_same_keys_again) {
    service_parts parts;
    loaded_keys again(parts.store.keys, parts.master, parts.clock);
    ASSERT_TRUE(run(again.ring.load()));
    EXPECT_EQ(run(parts.store.keys.list()).value().size(), 3u);
    EXPECT_EQ(again.access.current()->jwks(), parts.published.current()->jwks());
    const auto session = uuid::random();
    const auto nonce = uuid::random().bytes();
    EXPECT_EQ(again.refresh.issue(session, 1, nonce), parts.refresh_keys.issue(session, 1, nonce));
    EXPECT_EQ(again.internal.mac("use", "message"), parts.internal.mac("use", "message"));
    EXPECT_EQ(parts.audits(audit_type::key_created).size(), 3u);
}

TEST(key_ring, tokens_outlive_a_restart) {
    service_parts parts;
    parts.register_account(anna);
    const auto grant = parts.log_in(anna);
    loaded_keys again(parts.store.keys, parts.master, parts.clock);
    ASSERT_TRUE(run(again.ring.load()));
    access_tokens access({.issuer = "https://id.example", .audience = "userinfo"}, again.access, parts.clock);
    EXPECT_TRUE(access.verify(grant.access_token));
}

TEST(key_ring, refuses_another_master_key_and_names_both) {
    service_parts parts;
    const auto other = master_key::generate();
    loaded_keys again(parts.store.keys, other, parts.clock);
    const auto outcome = run(again.ring.load());
    ASSERT_FALSE(outcome);
    EXPECT_NE(outcome.error().message.find(parts.master.id()), std::string::npos) << outcome.error().message;
    EXPECT_NE(outcome.error().message.find(other.id()), std::string::npos) << outcome.error().message;
    EXPECT_THROW(again.access.current()->signing_key(), std::logic_error);
    EXPECT_EQ(run(parts.store.keys.list()).value().size(), 3u);
}

TEST(key_ring, a_sealed_key_opens_in_its_own_row_only) {
    service_parts parts;
    const auto stored = run(parts.store.keys.list()).value();
    for (const auto& key : stored) {
        for (const auto& context : {std::string(), key.kid, "userinfo key 4 " + key.kid}) {
            EXPECT_EQ(parts.master.unseal(key.sealed, context), std::nullopt);
        }
        const auto number = std::to_string(static_cast<int>(key.purpose));
        EXPECT_TRUE(parts.master.unseal(key.sealed, "userinfo key " + number + ' ' + key.kid));
    }
}

TEST(key_ring, programs_that_start_at_once_agree_on_the_keys) {
    const scratch_folder folder;
    const auto file = folder / "userinfo.db";
    manual_clock clock;
    metrics figures;
    sql::migrate_sqlite(file, clock);
    opened_database database(file, clock, figures);
    const auto master = master_key::generate();
    std::vector<std::unique_ptr<loaded_keys>> programs;
    std::vector<task<result<void>>> loads;
    for (int i = 0; i < 4; ++i) {
        programs.push_back(std::make_unique<loaded_keys>(database.keys, master, clock));
        loads.push_back(programs.back()->ring.load());
    }
    for (const auto& outcome : run_together(std::move(loads))) EXPECT_TRUE(outcome);
    EXPECT_EQ(run(database.keys.list()).value().size(), 3u);
    for (const auto& program : programs) {
        EXPECT_EQ(program->access.current()->jwks(), programs[0]->access.current()->jwks());
    }
}

}  // namespace
}  // namespace userinfo
