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

TEST(key_rules, a_key_that_is_there_may_be_revoked) {
    for (const auto state : {key_state::next, key_state::active, key_state::retiring}) {
        EXPECT_TRUE(check_may_be_revoked(key_in(state)));
    }
    EXPECT_EQ(failure_of(check_may_be_revoked(key_in(key_state::gone))), errc::not_found);
    EXPECT_EQ(failure_of(check_may_be_revoked(std::nullopt)), errc::not_found);
}

}  // namespace
}  // namespace userinfo
