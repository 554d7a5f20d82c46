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

    // By a program whose access tokens tell their generation.
    void rotate_at(std::chrono::microseconds when) {
        session_.rotated_at = opening_time + when;
        session_.tells_generation = true;
    }

    void arrive_at(std::chrono::microseconds when) {
        session_.arrived_at = opening_time + when;
        session_.value.arrived = current_;
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
    rotate_at(10min);
    const auto decided = decide_rotation(session_, request(current_ - 1, 10min + 30s));
    ASSERT_EQ(decided.outcome, rotation_outcome::repeated);
    EXPECT_EQ(decided.current->generation, current_);
    EXPECT_EQ(decided.current->last_seen_at, opening_time) << "nothing is written";
    EXPECT_EQ(decided.current->last_address, "192.0.2.1");
    EXPECT_EQ(decided.current->idle_expires_at, session_.value.idle_expires_at);
    EXPECT_EQ(outcome(current_ - 1, 10min), rotation_outcome::repeated);
}

TEST_F(rotation_test, the_predecessor_gets_the_same_successor_until_that_has_arrived) {
    rotate_at(10min);
    session_.value.idle_expires_at = session_.value.absolute_expires_at;
    for (const std::chrono::microseconds later :
         std::initializer_list<std::chrono::microseconds>{10min + 30s + 1us, 11min, 70min, 24h - 1us}) {
        const auto decided = decide_rotation(session_, request(current_ - 1, later));
        ASSERT_EQ(decided.outcome, rotation_outcome::repeated_late);
        EXPECT_EQ(decided.current->generation, current_);
        EXPECT_EQ(decided.current->last_seen_at, opening_time);
    }
}

TEST_F(rotation_test, the_predecessor_gets_it_for_30_s_after_it_has_arrived) {
    rotate_at(10min);
    arrive_at(20min);
    EXPECT_EQ(outcome(current_ - 1, 20min + 30s), rotation_outcome::repeated_late);
    const auto decided = decide_rotation(session_, request(current_ - 1, 20min + 30s + 1us));
    EXPECT_EQ(decided.outcome, rotation_outcome::reused);
    EXPECT_EQ(decided.current->id, session_.value.id);
    EXPECT_EQ(decided.current->generation, current_);
}

TEST_F(rotation_test, what_arrives_at_once_leaves_30_s_from_the_rotation) {
    rotate_at(10min);
    for (const auto arrived : {10min + 0s, 10min - 20s}) {  // by another service's clock
        arrive_at(arrived);
        EXPECT_EQ(outcome(current_ - 1, 10min + 30s), rotation_outcome::repeated);
        EXPECT_EQ(outcome(current_ - 1, 10min + 30s + 1us), rotation_outcome::reused);
    }
}

TEST_F(rotation_test, a_repeat_is_recorded_if_a_clock_that_was_ahead_hides_when_the_rotation_was) {
    rotate_at(70min);
    session_.value.idle_expires_at = session_.value.absolute_expires_at;
    EXPECT_EQ(outcome(current_ - 1, 70min - 30s), rotation_outcome::repeated) << "clocks differ a little";
    EXPECT_EQ(outcome(current_ - 1, 10min), rotation_outcome::repeated_late);
    EXPECT_EQ(outcome(current_ - 2, 10min), rotation_outcome::superseded);
    session_.late_repeats = 20;
    EXPECT_EQ(outcome(current_ - 1, 10min), rotation_outcome::repeated_too_often);
}

TEST_F(rotation_test, the_arrival_of_an_earlier_generation_does_not_count) {
    rotate_at(10min);
    arrive_at(5min);
    session_.value.arrived = current_ - 1;
    EXPECT_EQ(outcome(current_ - 1, 20min), rotation_outcome::repeated_late);
}

TEST_F(rotation_test, the_grace_is_30_s_if_the_access_tokens_do_not_tell_their_generation) {
    rotate_at(10min);
    session_.tells_generation = false;
    EXPECT_EQ(outcome(current_ - 1, 10min + 30s), rotation_outcome::repeated);
    EXPECT_EQ(outcome(current_ - 1, 10min + 30s + 1us), rotation_outcome::reused);
}

TEST_F(rotation_test, the_twenty_first_late_repeat_ends_the_session) {
    rotate_at(10min);
    session_.late_repeats = 19;
    EXPECT_EQ(outcome(current_ - 1, 11min), rotation_outcome::repeated_late);
    session_.late_repeats = 20;
    EXPECT_EQ(outcome(current_ - 1, 10min + 30s), rotation_outcome::repeated);
    const auto decided = decide_rotation(session_, request(current_ - 1, 11min));
    EXPECT_EQ(decided.outcome, rotation_outcome::repeated_too_often);
    EXPECT_EQ(decided.current->id, session_.value.id);
}

TEST_F(rotation_test, a_predecessor_has_no_grace_if_no_rotation_is_known) {
    EXPECT_EQ(outcome(current_ - 1), rotation_outcome::reused);
}

TEST_F(rotation_test, an_older_token_is_refused_just_after_a_rotation_and_reused_later) {
    rotate_at(10min);
    for (const auto generation : {current_ - 2, std::uint64_t{1}}) {
        const auto decided = decide_rotation(session_, request(generation, 10min + 30s));
        EXPECT_EQ(decided.outcome, rotation_outcome::superseded);
        EXPECT_EQ(decided.current->generation, current_);
        EXPECT_EQ(outcome(generation, 10min + 30s + 1us), rotation_outcome::reused);
    }
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

TEST_F(rotation_test, the_first_arrival_is_that_of_the_current_generation_once) {
    rotate_at(10min);
    session_.value.arrived = current_ - 2;
    const auto now = opening_time + 20min;
    EXPECT_TRUE(is_first_arrival(session_, current_, now));
    EXPECT_FALSE(is_first_arrival(session_, current_ - 1, now));
    EXPECT_FALSE(is_first_arrival(session_, current_ + 1, now));
    EXPECT_FALSE(is_first_arrival(session_, current_, opening_time + 1h)) << "the session has expired";
    EXPECT_FALSE(is_first_arrival(std::nullopt, current_, now));
    arrive_at(19min);
    EXPECT_FALSE(is_first_arrival(session_, current_, now));
}

TEST_F(rotation_test, nothing_arrives_if_an_older_program_made_the_current_generation) {
    rotate_at(10min);
    session_.tells_generation = false;
    EXPECT_FALSE(is_first_arrival(session_, current_, opening_time + 20min));
}

class rotation_event_test : public testing::Test {
protected:
    std::optional<audit_event> event(rotation_outcome outcome) const {
        return rotation_event({.outcome = outcome, .current = session_.value}, refresh_);
    }

    stored_session session_ = open_session(uuid::random());
    const audit_event refresh_{
        .type = audit_type::refresh, .at = opening_time, .session = "label", .address = "198.51.100.7"};
};

TEST_F(rotation_event_test, a_rotation_is_a_refresh) {
    const auto recorded = event(rotation_outcome::rotated).value();
    EXPECT_EQ(recorded.type, audit_type::refresh);
    EXPECT_TRUE(recorded.succeeded);
    EXPECT_EQ(recorded.address, "198.51.100.7");
}

TEST_F(rotation_event_test, what_ends_the_session_is_a_refresh_that_failed) {
    for (const auto& [outcome, reason] : {std::pair(rotation_outcome::reused, ""),
                                          std::pair(rotation_outcome::repeated_too_often, "repeated_too_often")}) {
        const auto recorded = event(outcome).value();
        EXPECT_EQ(recorded.type, audit_type::refresh_reuse);
        EXPECT_FALSE(recorded.succeeded);
        EXPECT_EQ(recorded.reason, reason);
        EXPECT_EQ(recorded.at, refresh_.at);
        EXPECT_EQ(recorded.session, "label");
        EXPECT_EQ(recorded.address, "198.51.100.7");
    }
}

TEST_F(rotation_event_test, a_late_repeat_names_the_addresses_of_both) {
    const auto recorded = event(rotation_outcome::repeated_late).value();
    EXPECT_EQ(recorded.type, audit_type::refresh_repeated);
    EXPECT_TRUE(recorded.succeeded);
    EXPECT_EQ(recorded.address, "198.51.100.7 (rotated at 192.0.2.1)");
}

TEST_F(rotation_event_test, nothing_else_is_recorded) {
    for (const auto outcome : {rotation_outcome::repeated, rotation_outcome::superseded, rotation_outcome::ended}) {
        EXPECT_FALSE(event(outcome));
    }
}

}  // namespace
}  // namespace userinfo
