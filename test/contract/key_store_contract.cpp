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
                .sealed = std::string("\x00\xff sealed ", 10) + kid,
                .sealing_key_id = "master-1",
                .not_before = clock_.now(),
                .sign_until = {},
                .verify_until = {},
                .created_at = clock_.now()};
    }

    key_step step() const { return {.actor = "somebody", .at = clock_.now()}; }
    result<void> add(const stored_key& key) {
        const std::vector keys{key};
        return run(keys_.add(keys, step()));
    }
    std::vector<stored_key> list() { return run(keys_.list()).value(); }
    std::vector<stored_key> list_live() { return run(keys_.list_live()).value(); }

    stored_key find(const std::string& kid) {
        const auto keys = list();
        return *std::ranges::find(keys, kid, &stored_key::kid);
    }

    std::size_t count(audit_type type) { return stores_->count_audits(type); }

    // An active key "old" and a next one "new", of one purpose, whose time has come.
    void add_pair(key_purpose purpose = key_purpose::access) {
        ASSERT_TRUE(add(new_key("old", purpose)));
        ASSERT_TRUE(add(new_key("new", purpose, key_state::next)));
    }

    bool activate(const std::string& kid, timestamp verify_until) {
        return run(keys_.activate(kid, verify_until, step())).value();
    }
    bool destroy(const std::string& kid) { return run(keys_.destroy(kid, step())).value(); }
};

INSTANTIATE_TEST_SUITE_P(, key_store_contract, testing::ValuesIn(all_stores()), name_of);

template <class T>
std::ptrdiff_t count_true(const std::vector<result<T>>& outcomes) {
    return std::ranges::count_if(outcomes, [](const auto& each) { return each.value(); });
}

TEST_P(key_store_contract, gives_back_what_was_added) {
    EXPECT_TRUE(list().empty());
    auto key = new_key("k1", key_purpose::access, key_state::next);
    key.not_before += 1h;
    key.sign_until = clock_.now() + 2h;
    key.verify_until = clock_.now() + 3h;
    ASSERT_TRUE(add(key));
    EXPECT_EQ(list(), std::vector{key});
    EXPECT_EQ(count(audit_type::key_created), 1u);
}

TEST_P(key_store_contract, has_one_active_and_one_next_key_for_each_purpose) {
    ASSERT_TRUE(add(new_key("k1", key_purpose::access)));
    EXPECT_EQ(code_of(add(new_key("k2", key_purpose::access))), errc::already_exists);
    ASSERT_TRUE(add(new_key("k3", key_purpose::refresh)));
    ASSERT_TRUE(add(new_key("k4", key_purpose::access, key_state::next)));
    EXPECT_EQ(code_of(add(new_key("k5", key_purpose::access, key_state::next))), errc::already_exists);
    ASSERT_TRUE(add(new_key("k6", key_purpose::refresh, key_state::next)));
    EXPECT_EQ(list().size(), 4u);
    EXPECT_EQ(count(audit_type::key_created), 4u);
}

TEST_P(key_store_contract, adds_all_or_none) {
    ASSERT_TRUE(add(new_key("k1", key_purpose::refresh, key_state::next)));
    const std::vector both{new_key("k2", key_purpose::access, key_state::next),
                           new_key("k3", key_purpose::refresh, key_state::next)};
    EXPECT_EQ(code_of(run(keys_.add(both, step()))), errc::already_exists);
    EXPECT_EQ(list().size(), 1u);
    EXPECT_EQ(count(audit_type::key_created), 1u);
}

TEST_P(key_store_contract, of_programs_that_start_together_one_brings_the_key) {
    std::vector<std::vector<stored_key>> keys;
    for (int i = 0; i < 10; ++i) keys.push_back({new_key("k" + std::to_string(i), key_purpose::refresh)});
    const auto now = step();
    std::vector<task<result<void>>> adds;
    for (const auto& each : keys) adds.push_back(keys_.add(each, now));
    const auto outcomes = run_together(std::move(adds));
    EXPECT_EQ(std::ranges::count_if(outcomes, [](const auto& each) { return each.has_value(); }), 1);
    EXPECT_EQ(list().size(), 1u);
}

TEST_P(key_store_contract, a_next_key_becomes_active_and_the_old_one_retires) {
    add_pair();
    ASSERT_TRUE(add(new_key("other", key_purpose::refresh)));
    clock_.advance(1min);
    const auto now = clock_.now();
    EXPECT_TRUE(activate("new", now + 1h));
    EXPECT_EQ(find("new").state, key_state::active);
    EXPECT_EQ(find("new").sign_until, std::nullopt);
    EXPECT_EQ(find("old").state, key_state::retiring);
    EXPECT_EQ(find("old").sign_until, now);
    EXPECT_EQ(find("old").verify_until, now + 1h);
    EXPECT_FALSE(find("old").sealed.empty());
    EXPECT_EQ(find("other").state, key_state::active);
    EXPECT_EQ(count(audit_type::key_activated), 1u);
    EXPECT_EQ(count(audit_type::key_retired), 1u);
}

TEST_P(key_store_contract, a_next_key_does_not_become_active_before_its_time) {
    ASSERT_TRUE(add(new_key("old", key_purpose::access)));
    auto next = new_key("new", key_purpose::access, key_state::next);
    next.not_before += 1us;
    ASSERT_TRUE(add(next));
    const auto before = list();
    EXPECT_FALSE(activate("new", clock_.now() + 1h));
    EXPECT_EQ(list(), before);
    EXPECT_EQ(count(audit_type::key_activated), 0u);
    clock_.advance(1us);
    EXPECT_TRUE(activate("new", clock_.now() + 1h));
}

TEST_P(key_store_contract, activates_next_keys_only) {
    add_pair();
    EXPECT_FALSE(activate("old", clock_.now() + 1h));
    EXPECT_FALSE(activate("unknown", clock_.now() + 1h));
    ASSERT_TRUE(activate("new", clock_.now() + 1h));
    const auto before = list();
    EXPECT_FALSE(activate("new", clock_.now() + 2h));
    EXPECT_FALSE(activate("old", clock_.now() + 2h));
    EXPECT_EQ(list(), before);
}

TEST_P(key_store_contract, of_programs_that_activate_together_one_does) {
    add_pair();
    const auto now = step();
    const std::string kid = "new";
    std::vector<task<result<bool>>> steps;
    for (int i = 0; i < 10; ++i) steps.push_back(keys_.activate(kid, now.at + 1h, now));
    EXPECT_EQ(count_true(run_together(std::move(steps))), 1);
    EXPECT_EQ(find("old").state, key_state::retiring);
    EXPECT_EQ(count(audit_type::key_activated), 1u);
    EXPECT_EQ(count(audit_type::key_retired), 1u);
}

TEST_P(key_store_contract, a_retiring_key_is_destroyed_when_its_time_is_over) {
    add_pair();
    ASSERT_TRUE(activate("new", clock_.now() + 1h));
    clock_.advance(1h - 1us);
    EXPECT_FALSE(destroy("old"));
    EXPECT_EQ(find("old").state, key_state::retiring);
    clock_.advance(1us);
    EXPECT_TRUE(destroy("old"));
    EXPECT_EQ(find("old").state, key_state::gone);
    EXPECT_EQ(find("old").sealed, "");
    EXPECT_FALSE(destroy("old"));
    EXPECT_FALSE(destroy("new"));
    EXPECT_FALSE(destroy("unknown"));
    EXPECT_FALSE(find("new").sealed.empty());
    EXPECT_EQ(count(audit_type::key_destroyed), 1u);
}

TEST_P(key_store_contract, lists_what_is_live_the_oldest_first) {
    EXPECT_TRUE(list_live().empty());
    add_pair();
    ASSERT_TRUE(add(new_key("other", key_purpose::refresh)));
    EXPECT_EQ(list_live(), list());
    ASSERT_TRUE(activate("new", clock_.now() + 1h));
    EXPECT_EQ(list_live(), list()) << "a retiring key still verifies";
    clock_.advance(1h);
    ASSERT_TRUE(destroy("old"));
    EXPECT_EQ(list_live(), (std::vector{find("new"), find("other")}));
    ASSERT_TRUE(run(keys_.revoke("new", new_key("successor", key_purpose::access), step())));
    EXPECT_EQ(list_live(), (std::vector{find("other"), find("successor")}));
    EXPECT_EQ(list().size(), 4u);
}

TEST_P(key_store_contract, a_revoked_active_key_has_a_successor_at_once) {
    ASSERT_TRUE(add(new_key("old", key_purpose::access)));
    ASSERT_TRUE(add(new_key("waiting", key_purpose::access, key_state::next)));
    clock_.advance(1min);
    const auto successor = new_key("successor", key_purpose::access);
    EXPECT_EQ(run(keys_.revoke("old", successor, step())).value(), true);
    EXPECT_EQ(find("old").state, key_state::gone);
    EXPECT_EQ(find("old").sealed, "");
    EXPECT_EQ(find("old").sign_until, clock_.now());
    EXPECT_EQ(find("old").verify_until, clock_.now());
    EXPECT_EQ(find("successor"), successor);
    EXPECT_EQ(find("waiting").state, key_state::next);
    EXPECT_EQ(count(audit_type::key_revoked), 1u);
    EXPECT_EQ(count(audit_type::key_created), 3u);
}

TEST_P(key_store_contract, a_revoked_key_that_does_not_sign_needs_no_successor) {
    add_pair();
    const auto successor = new_key("successor", key_purpose::access);
    EXPECT_EQ(run(keys_.revoke("new", successor, step())).value(), false);
    EXPECT_EQ(find("new").state, key_state::gone);
    EXPECT_EQ(find("new").sealed, "");
    EXPECT_EQ(find("old").state, key_state::active);
    EXPECT_EQ(list().size(), 2u);
    EXPECT_FALSE(activate("new", clock_.now() + 1h));
}

TEST_P(key_store_contract, what_is_gone_or_unknown_is_not_revoked) {
    add_pair();
    const auto successor = new_key("successor", key_purpose::access);
    EXPECT_EQ(code_of(run(keys_.revoke("unknown", successor, step()))), errc::not_found);
    ASSERT_TRUE(run(keys_.revoke("old", successor, step())));
    const auto before = list();
    EXPECT_EQ(code_of(run(keys_.revoke("old", new_key("another", key_purpose::access), step()))), errc::not_found);
    EXPECT_EQ(list(), before);
    EXPECT_EQ(count(audit_type::key_revoked), 1u);
}

TEST_P(key_store_contract, a_key_that_is_revoked_and_activated_at_once_leaves_one_active) {
    add_pair();
    const auto now = step();
    const std::string old = "old";
    const std::string next = "new";
    const auto successor = new_key("successor", key_purpose::access);
    std::vector<task<result<bool>>> steps;
    steps.push_back(keys_.activate(next, now.at + 1h, now));
    steps.push_back(keys_.revoke(old, successor, now));
    for (const auto& outcome : run_together(std::move(steps))) EXPECT_TRUE(outcome);
    EXPECT_EQ(find("old").state, key_state::gone);
    const auto keys = list();
    EXPECT_EQ(std::ranges::count(keys, key_state::active, &stored_key::state), 1);
}

TEST_P(key_store_contract, seals_all_that_are_not_gone_anew) {
    add_pair();
    ASSERT_TRUE(add(new_key("lost", key_purpose::refresh, key_state::next)));
    ASSERT_TRUE(run(keys_.revoke("lost", new_key("unused", key_purpose::refresh), step())));
    const std::vector<resealed_key> keys{{.kid = "old", .before = find("old").sealed, .after = "a"},
                                         {.kid = "new", .before = find("new").sealed, .after = "b"}};
    ASSERT_TRUE(run(keys_.reseal(keys, "master-2", step())));
    EXPECT_EQ(find("old").sealed, "a");
    EXPECT_EQ(find("new").sealed, "b");
    EXPECT_EQ(find("old").sealing_key_id, "master-2");
    EXPECT_EQ(find("lost").sealing_key_id, "master-1");
    EXPECT_EQ(count(audit_type::keys_rewrapped), 1u);
}

TEST_P(key_store_contract, seals_none_anew_if_they_changed_meanwhile) {
    add_pair();
    const resealed_key old{.kid = "old", .before = find("old").sealed, .after = "a"};
    const resealed_key next{.kid = "new", .before = find("new").sealed, .after = "b"};
    const resealed_key changed{.kid = "new", .before = "another", .after = "b"};
    const resealed_key unknown{.kid = "unknown", .before = "c", .after = "d"};
    const auto before = list();
    const std::vector<std::vector<resealed_key>> wrong{
        {}, {old}, {next}, {old, changed}, {old, unknown}, {old, next, unknown}};
    for (const auto& keys : wrong) {
        EXPECT_EQ(code_of(run(keys_.reseal(keys, "master-2", step()))), errc::version_mismatch);
        EXPECT_EQ(list(), before);
    }
    EXPECT_EQ(count(audit_type::keys_rewrapped), 0u);
}

}  // namespace

}  // namespace userinfo::test
