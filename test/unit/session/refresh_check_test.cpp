#include "session/refresh_check.h"

#include <gtest/gtest.h>

#include "unit/session/stored_sessions.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

class refresh_check_test : public testing::Test {
protected:
    refresh_standing standing(std::uint64_t generation, std::chrono::microseconds later) const {
        const rotation_request shown{.session = session_.value.id,
                                     .generation = generation,
                                     .now = opening_time + later,
                                     .address = "198.51.100.7",
                                     .idle = 2h};
        return standing_of_refresh(found_, shown, 15min);
    }

    void rotate_at(std::chrono::microseconds when) {
        session_.rotated_at = opening_time + when;
        session_.tells_generation = true;
        session_.value.last_seen_at = opening_time + when;
    }

    void arrive_at(std::chrono::microseconds when) {
        session_.arrived_at = opening_time + when;
        session_.value.arrived = current_;
    }

    // Generation 7.
    std::optional<stored_session> found_ = [] {
        auto session = open_session(uuid::random());
        session.value.idle_expires_at = session.value.absolute_expires_at;
        return session;
    }();
    stored_session& session_ = *found_;
    const std::uint64_t current_ = session_.value.generation;
};

TEST_F(refresh_check_test, the_current_token_counts_until_an_hour_after_its_access_token_expired) {
    EXPECT_EQ(standing(current_, 0s), refresh_standing::current);
    EXPECT_EQ(standing(current_, 75min - 1us), refresh_standing::current);
    EXPECT_EQ(standing(current_, 75min), refresh_standing::unrenewed);
}

TEST_F(refresh_check_test, the_hour_begins_with_the_newest_access_token) {
    rotate_at(20min);
    EXPECT_EQ(standing(current_, 95min - 1us), refresh_standing::current);
    EXPECT_EQ(standing(current_, 95min), refresh_standing::unrenewed);
    session_.value.auth_time = opening_time + 30min;  // re-authentication gives a new one, too
    EXPECT_EQ(standing(current_, 105min - 1us), refresh_standing::current);
    EXPECT_EQ(standing(current_, 105min), refresh_standing::unrenewed);
}

TEST_F(refresh_check_test, the_predecessor_counts_as_long_as_a_refresh_would_answer_it) {
    rotate_at(10min);
    EXPECT_EQ(standing(current_ - 1, 10min + 30s), refresh_standing::current);
    EXPECT_EQ(standing(current_ - 1, 40min), refresh_standing::current) << "its successor may be lost";
    EXPECT_EQ(standing(current_ - 1, 85min), refresh_standing::unrenewed);
    arrive_at(20min);
    EXPECT_EQ(standing(current_ - 1, 20min + 30s), refresh_standing::current);
    EXPECT_EQ(standing(current_ - 1, 20min + 30s + 1us), refresh_standing::reused);
    EXPECT_EQ(standing(current_ - 1, 24h - 1us), refresh_standing::reused) << "however late";
}

TEST_F(refresh_check_test, a_predecessor_that_was_repeated_too_often_is_dead) {
    rotate_at(10min);
    session_.late_repeats = most_late_repeats;
    EXPECT_EQ(standing(current_ - 1, 20min), refresh_standing::reused);
}

TEST_F(refresh_check_test, an_older_token_is_dead_but_for_the_time_just_after_a_rotation) {
    rotate_at(10min);
    EXPECT_EQ(standing(current_ - 2, 10min + 30s), refresh_standing::superseded);
    EXPECT_EQ(standing(current_ - 2, 10min + 30s + 1us), refresh_standing::reused);
}

TEST_F(refresh_check_test, nothing_counts_without_a_live_session) {
    EXPECT_EQ(standing(current_ + 1, 0s), refresh_standing::ended) << "as after a restored backup";
    EXPECT_EQ(standing(current_, 24h), refresh_standing::ended) << "expired";
    session_.ended = true;
    EXPECT_EQ(standing(current_, 0s), refresh_standing::ended);
    EXPECT_EQ(standing_of_refresh(std::nullopt, {}, 15min), refresh_standing::ended);
}

}  // namespace
}  // namespace userinfo
