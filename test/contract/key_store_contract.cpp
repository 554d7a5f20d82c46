#include <algorithm>

#include "contract/stores.h"

namespace userinfo::test {

namespace {

using namespace std::chrono_literals;

class key_store_contract : public store_contract {
protected:
    stored_key new_key(const std::string& kid, key_purpose purpose, key_state state = key_state::active) const {
        return {.kid = kid,
                .purpose = purpose,
                .state = state,
                .public_jwk = "{}",
                .sealed = std::string("\x00\xff sealed", 9),
                .sealing_key_id = "master-1",
                .not_before = clock_.now(),
                .sign_until = {},
                .verify_until = clock_.now() + 24h};
    }

    result<void> add(const stored_key& key) { return run(keys_.add(key, audit(audit_type::key_created))); }
};

INSTANTIATE_TEST_SUITE_P(, key_store_contract, testing::ValuesIn(all_stores()), name_of);

TEST_P(key_store_contract, gives_back_what_was_added) {
    EXPECT_TRUE(run(keys_.list()).value().empty());
    const auto key = new_key("k1", key_purpose::access);
    ASSERT_TRUE(add(key));
    const auto keys = run(keys_.list()).value();
    ASSERT_EQ(keys.size(), 1u);
    EXPECT_EQ(keys[0].kid, "k1");
    EXPECT_EQ(keys[0].purpose, key_purpose::access);
    EXPECT_EQ(keys[0].state, key_state::active);
    EXPECT_EQ(keys[0].public_jwk, "{}");
    EXPECT_EQ(keys[0].sealed, key.sealed);
    EXPECT_EQ(keys[0].sealing_key_id, "master-1");
    EXPECT_EQ(keys[0].not_before, key.not_before);
    EXPECT_EQ(keys[0].sign_until, std::nullopt);
    EXPECT_EQ(keys[0].verify_until, key.verify_until);
    EXPECT_EQ(stores_->count_audits(audit_type::key_created), 1u);
}

TEST_P(key_store_contract, has_one_active_key_for_each_purpose) {
    ASSERT_TRUE(add(new_key("k1", key_purpose::access)));
    EXPECT_EQ(code_of(add(new_key("k2", key_purpose::access))), errc::already_exists);
    ASSERT_TRUE(add(new_key("k3", key_purpose::refresh)));
    ASSERT_TRUE(add(new_key("k4", key_purpose::access, key_state::next)));
    ASSERT_TRUE(add(new_key("k5", key_purpose::access, key_state::next)));
    EXPECT_EQ(run(keys_.list()).value().size(), 4u);
    EXPECT_EQ(stores_->count_audits(audit_type::key_created), 4u);
}

TEST_P(key_store_contract, does_not_list_keys_that_are_gone) {
    ASSERT_TRUE(add(new_key("k1", key_purpose::access, key_state::gone)));
    EXPECT_TRUE(run(keys_.list()).value().empty());
}

TEST_P(key_store_contract, of_programs_that_start_together_one_brings_the_key) {
    std::vector<stored_key> keys;
    for (int i = 0; i < 10; ++i) keys.push_back(new_key("k" + std::to_string(i), key_purpose::refresh));
    const auto event = audit(audit_type::key_created);
    std::vector<task<result<void>>> adds;
    for (const auto& each : keys) adds.push_back(keys_.add(each, event));
    const auto outcomes = run_together(std::move(adds));
    EXPECT_EQ(std::ranges::count_if(outcomes, [](const auto& each) { return each.has_value(); }), 1);
    EXPECT_EQ(run(keys_.list()).value().size(), 1u);
}

}  // namespace

}  // namespace userinfo::test
