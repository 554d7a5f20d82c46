#include "session/rotation.h"

#include <gtest/gtest.h>

#include "unit/session/stored_sessions.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

class rotation_test : public testing::Test {
protected:
    rotation_request request(std::uint64_t generation, std::chrono::microseconds later = 10min) const {
        return {.session = session_.value.id,
                .generation = generation,
                .now = opening_time + later,
                .address = "198.51.100.7",
                .idle = 2h};
    }

    rotation_outcome outcome(std::uint64_t generation, std::chrono::microseconds later = 10min) const {
        return decide_rotation(session_, request(generation, later)).outcome;
    }

    // Generation 7, as it has been since `rotated_at`.
    stored_session session_ = open_session(uuid::random());
    const std::uint64_t current_ = session_.value.generation;
};

TEST_F(rotation_test, the_current_token_rotates) {
    const auto decided = decide_rotation(session_, request(current_));
    ASSERT_EQ(decided.outcome, rotation_outcome::rotated);
    const auto& next = *decided.current;
    EXPECT_EQ(next.generation, current_ + 1);
    EXPECT_EQ(next.last_seen_at, opening_time + 10min);
    EXPECT_EQ(next.last_address, "198.51.100.7");
    EXPECT_EQ(next.idle_expires_at, opening_time + 10min + 2h);
    EXPECT_EQ(next.absolute_expires_at, session_.value.absolute_expires_at);
    EXPECT_EQ(next.id, session_.value.id);
    EXPECT_EQ(next.account, session_.value.account);
    EXPECT_EQ(next.nonce, session_.value.nonce);
    EXPECT_EQ(next.created_at, opening_time);
    EXPECT_EQ(next.auth_time, opening_time);
}

TEST_F(rotation_test, the_idle_expiry_never_passes_the_absolute_one) {
    session_.value.idle_expires_at = session_.value.absolute_expires_at;
    for (const auto& [later, expected] : {std::pair(22h - 1us, 24h - 1us), std::pair(22h + 1us, 24h + 0us)}) {
        EXPECT_EQ(decide_rotation(session_, request(current_, later)).current->idle_expires_at,
                  opening_time + expected);
    }
}

TEST_F(rotation_test, the_predecessor_gets_the_same_successor_for_30_s) {
    session_.rotated_at = opening_time + 10min;
    const auto decided = decide_rotation(session_, request(current_ - 1, 10min + 30s));
    ASSERT_EQ(decided.outcome, rotation_outcome::repeated);
    EXPECT_EQ(decided.current->generation, current_);
    EXPECT_EQ(decided.current->last_seen_at, opening_time) << "nothing is written";
    EXPECT_EQ(decided.current->last_address, "192.0.2.1");
    EXPECT_EQ(decided.current->idle_expires_at, session_.value.idle_expires_at);
    EXPECT_EQ(outcome(current_ - 1, 10min), rotation_outcome::repeated);
}

TEST_F(rotation_test, the_predecessor_is_reused_after_30_s) {
    session_.rotated_at = opening_time + 10min;
    const auto decided = decide_rotation(session_, request(current_ - 1, 10min + 30s + 1us));
    EXPECT_EQ(decided.outcome, rotation_outcome::reused);
    EXPECT_EQ(decided.current->id, session_.value.id);
    EXPECT_EQ(decided.current->generation, current_);
}

TEST_F(rotation_test, a_predecessor_has_no_grace_if_no_rotation_is_known) {
    EXPECT_EQ(outcome(current_ - 1), rotation_outcome::reused);
}

TEST_F(rotation_test, an_older_token_is_reused_even_within_the_grace) {
    session_.rotated_at = opening_time + 10min;
    EXPECT_EQ(outcome(current_ - 2), rotation_outcome::reused);
    EXPECT_EQ(outcome(1), rotation_outcome::reused);
}

TEST_F(rotation_test, a_generation_that_the_session_has_not_reached_touches_nothing) {
    session_.rotated_at = opening_time + 10min;
    for (const auto generation : {current_ + 1, current_ + 2}) {
        const auto decided = decide_rotation(session_, request(generation));
        EXPECT_EQ(decided.outcome, rotation_outcome::ended);
        EXPECT_FALSE(decided.current);
    }
}

TEST_F(rotation_test, there_is_no_rotation_without_a_session) {
    const auto decided = decide_rotation(std::nullopt, request(current_));
    EXPECT_EQ(decided.outcome, rotation_outcome::ended);
    EXPECT_FALSE(decided.current);
}

TEST_F(rotation_test, a_session_that_is_not_live_is_left_alone_whatever_the_token) {
    session_.rotated_at = opening_time + 10min;
    auto ended = session_;
    ended.ended = true;
    auto expired = session_;
    expired.value.idle_expires_at = opening_time + 10min;
    auto suspended = session_;
    suspended.account.status = account_status::suspended;
    for (const auto& each : {ended, expired, suspended}) {
        for (const auto generation : {current_, current_ - 1, current_ - 2}) {
            const auto decided = decide_rotation(each, request(generation));
            EXPECT_EQ(decided.outcome, rotation_outcome::ended);
            EXPECT_FALSE(decided.current);
        }
    }
}

TEST_F(rotation_test, the_session_rotates_until_the_moment_that_it_expires) {
    EXPECT_EQ(outcome(current_, 1h - 1us), rotation_outcome::rotated);
    EXPECT_EQ(outcome(current_, 1h), rotation_outcome::ended);
}

TEST(refresh_reuse_event, is_the_refresh_that_failed) {
    const audit_event refresh{
        .type = audit_type::refresh, .at = opening_time, .session = "label", .address = "192.0.2.1"};
    const auto reuse = refresh_reuse_event(refresh);
    EXPECT_EQ(reuse.type, audit_type::refresh_reuse);
    EXPECT_FALSE(reuse.succeeded);
    EXPECT_EQ(reuse.at, refresh.at);
    EXPECT_EQ(reuse.session, "label");
    EXPECT_EQ(reuse.address, "192.0.2.1");
}

}  // namespace
}  // namespace userinfo
