#include "keys/key_rules.h"

#include <gtest/gtest.h>

#include "support/failure_of.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

constexpr timestamp now{std::chrono::sys_days(std::chrono::year(2030) / 1 / 1)};

stored_key key_in(key_state state) {
    return {.kid = "k",
            .purpose = key_purpose::access,
            .state = state,
            .public_jwk = {},
            .sealed = {},
            .sealing_key_id = {},
            .not_before = now,
            .sign_until = {},
            .verify_until = now,
            .created_at = now};
}

TEST(key_rules, a_next_key_signs_from_its_time_on) {
    const auto next = key_in(key_state::next);
    EXPECT_FALSE(is_due_to_sign(next, now - 1us));
    EXPECT_TRUE(is_due_to_sign(next, now));
    EXPECT_TRUE(is_due_to_sign(next, now + 1h));
}

TEST(key_rules, only_a_next_key_becomes_active) {
    for (const auto state : {key_state::active, key_state::retiring, key_state::gone}) {
        EXPECT_FALSE(is_due_to_sign(key_in(state), now + 1h));
    }
}

TEST(key_rules, a_retiring_key_ends_when_it_verifies_nothing_any_more) {
    auto retiring = key_in(key_state::retiring);
    EXPECT_FALSE(is_due_to_end(retiring, now - 1us));
    EXPECT_TRUE(is_due_to_end(retiring, now));
    retiring.verify_until.reset();
    EXPECT_FALSE(is_due_to_end(retiring, now + 1h));
}

TEST(key_rules, only_a_retiring_key_ends_by_itself) {
    for (const auto state : {key_state::next, key_state::active, key_state::gone}) {
        EXPECT_FALSE(is_due_to_end(key_in(state), now + 1h));
    }
}

TEST(key_rules, a_purpose_has_one_next_and_one_active_key) {
    for (const auto state : {key_state::next, key_state::active}) {
        const auto added = key_in(state);
        EXPECT_TRUE(check_may_be_added(added, {}));
        EXPECT_EQ(failure_of(check_may_be_added(added, {key_in(state)})), errc::already_exists);
        EXPECT_EQ(failure_of(check_may_be_added(added, {key_in(key_state::retiring), key_in(state)})),
                  errc::already_exists);
        auto of_another_purpose = key_in(state);
        of_another_purpose.purpose = key_purpose::refresh;
        EXPECT_TRUE(check_may_be_added(added, {of_another_purpose}));
    }
}

TEST(key_rules, a_next_key_is_added_beside_keys_in_other_states) {
    const auto retiring = key_in(key_state::retiring);
    EXPECT_TRUE(check_may_be_added(key_in(key_state::next), {retiring, retiring, key_in(key_state::active)}));
    EXPECT_TRUE(check_may_be_added(retiring, {retiring, retiring, key_in(key_state::active)}));
}

TEST(key_rules, a_key_that_is_there_may_be_revoked) {
    for (const auto state : {key_state::next, key_state::active, key_state::retiring}) {
        EXPECT_TRUE(check_may_be_revoked(key_in(state), "k"));
    }
    const auto gone = check_may_be_revoked(key_in(key_state::gone), "k");
    EXPECT_EQ(failure_of(gone), errc::not_found);
    EXPECT_EQ(gone.error().message, "the key k is gone already");
    const auto unknown = check_may_be_revoked(std::nullopt, "k");
    EXPECT_EQ(failure_of(unknown), errc::not_found);
    EXPECT_EQ(unknown.error().message, "there is no key k");
}

}  // namespace
}  // namespace userinfo
