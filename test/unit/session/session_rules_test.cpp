#include "session/session_rules.h"

#include <gtest/gtest.h>

#include "support/failure_of.h"
#include "unit/session/stored_sessions.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

class session_rules : public testing::Test {
protected:
    bool is_own(const std::optional<stored_session>& found, timestamp now = opening_time) const {
        const auto checked = check_own_session(found, by_, now);
        if (!checked) {
            EXPECT_EQ(checked.error().code, errc::invalid_token);
        }
        return checked.has_value();
    }

    bool is_another_of_theirs(const std::optional<stored_session>& found, timestamp now = opening_time) const {
        const auto checked = check_other_session(found, by_, now);
        if (!checked) {
            EXPECT_EQ(checked.error().code, errc::not_found);
        }
        return checked.has_value();
    }

    const uuid account_ = uuid::random();
    stored_session session_ = open_session(account_);
    const principal by_ = owner_of(session_);
};

TEST_F(session_rules, a_session_is_live_until_it_has_been_idle_for_too_long) {
    EXPECT_TRUE(session_.is_live(opening_time));
    EXPECT_TRUE(session_.is_live(session_.value.idle_expires_at - 1us));
    EXPECT_FALSE(session_.is_live(session_.value.idle_expires_at));
}

TEST_F(session_rules, a_session_is_live_until_its_absolute_expiry) {
    session_.value.idle_expires_at = session_.value.absolute_expires_at + 1h;
    EXPECT_TRUE(session_.is_live(session_.value.absolute_expires_at - 1us));
    EXPECT_FALSE(session_.is_live(session_.value.absolute_expires_at));
}

TEST_F(session_rules, a_session_that_has_ended_is_not_live) {
    session_.ended = true;
    EXPECT_FALSE(session_.is_live(opening_time));
}

TEST_F(session_rules, only_sessions_of_the_current_epoch_are_live) {
    session_.account.session_epoch = 4;
    EXPECT_FALSE(session_.is_live(opening_time));
    session_.account.session_epoch = 2;
    EXPECT_FALSE(session_.is_live(opening_time));
}

TEST_F(session_rules, only_sessions_of_an_active_account_are_live) {
    for (const auto status : {account_status::suspended, account_status::deleted}) {
        session_.account.status = status;
        EXPECT_FALSE(session_.is_live(opening_time));
    }
}

TEST_F(session_rules, a_caller_acts_on_their_own_live_session) {
    EXPECT_TRUE(is_own(session_));
    EXPECT_TRUE(is_own(session_, session_.value.idle_expires_at - 1us));
    EXPECT_FALSE(is_own(session_, session_.value.idle_expires_at));
    session_.ended = true;
    EXPECT_FALSE(is_own(session_));
}

TEST_F(session_rules, a_caller_does_not_act_on_no_session_or_that_of_another_account) {
    EXPECT_FALSE(is_own(std::nullopt));
    EXPECT_FALSE(is_own(open_session(uuid::random())));
}

TEST_F(session_rules, a_caller_ends_live_sessions_of_their_account) {
    auto other = open_session(account_);
    EXPECT_TRUE(is_another_of_theirs(other));
    EXPECT_TRUE(is_another_of_theirs(other, other.value.idle_expires_at - 1us));
    EXPECT_FALSE(is_another_of_theirs(other, other.value.idle_expires_at));
    other.ended = true;
    EXPECT_FALSE(is_another_of_theirs(other));
}

TEST_F(session_rules, a_caller_ends_no_session_of_another_account) {
    EXPECT_FALSE(is_another_of_theirs(std::nullopt));
    EXPECT_FALSE(is_another_of_theirs(open_session(uuid::random())));
}

TEST_F(session_rules, a_log_out_ends_what_has_not_ended) {
    EXPECT_TRUE(may_log_out(session_, account_));
    session_.account.status = account_status::suspended;
    EXPECT_TRUE(may_log_out(session_, account_)) << "it is not live, but it is open";
    session_.ended = true;
    EXPECT_FALSE(may_log_out(session_, account_));
}

TEST_F(session_rules, a_log_out_ends_no_session_of_another_account) {
    EXPECT_FALSE(may_log_out(session_, uuid::random()));
    EXPECT_FALSE(may_log_out(std::nullopt, account_));
}

TEST(is_recent, a_password_counts_for_as_long_as_the_rule_says) {
    const auto now = timestamp(100h);
    EXPECT_TRUE(is_recent(now, now, 1h));
    EXPECT_TRUE(is_recent(now - 1h, now, 1h));
    EXPECT_FALSE(is_recent(now - 1h - 1s, now, 1h));
}

TEST(is_recent, a_password_counts_for_a_whole_second_though_tokens_tell_its_second_only) {
    const auto given = timestamp(100h) + 900ms;
    EXPECT_TRUE(is_recent(std::chrono::floor<std::chrono::seconds>(given), given + 1s, 1s));
}

TEST(is_recent, a_clock_that_was_ahead_does_not_make_it_count_for_longer) {
    const auto now = timestamp(100h);
    EXPECT_TRUE(is_recent(now + 30s, now, 1h)) << "another service's clock may be ahead by this much";
    EXPECT_FALSE(is_recent(now + 31s, now, 1h));
    EXPECT_FALSE(is_recent(now + 24h, now, 1h));
}

// Sessions that were last used so many seconds after the first.
std::vector<session> sessions_used(const std::vector<std::chrono::seconds>& times) {
    std::vector<session> sessions;
    for (const auto time : times) {
        sessions.push_back(open_session(uuid::random()).value);
        sessions.back().last_seen_at += time;
    }
    return sessions;
}

TEST(surplus_sessions, none_ends_while_one_more_fits) {
    EXPECT_TRUE(surplus_sessions({}, 1).empty());
    EXPECT_TRUE(surplus_sessions(sessions_used({0s, 1s}), 3).empty());
    EXPECT_TRUE(surplus_sessions(sessions_used({0s, 1s}), 50).empty());
}

TEST(surplus_sessions, those_unused_for_longest_end) {
    const auto live = sessions_used({2s, 0s, 3s, 1s});
    EXPECT_EQ(surplus_sessions(live, 4), (session_ids{live[1].id}));
    EXPECT_EQ(surplus_sessions(live, 3), (session_ids{live[1].id, live[3].id}));
    EXPECT_EQ(surplus_sessions(live, 2), (session_ids{live[1].id, live[3].id, live[0].id}));
}

TEST(surplus_sessions, it_does_not_matter_which_began_last) {
    auto live = sessions_used({0s, 1s});
    live[0].created_at += 1h;
    EXPECT_EQ(surplus_sessions(live, 2), (session_ids{live[0].id}));
}

TEST(surplus_sessions, of_two_last_used_at_once_the_one_that_was_opened_first_ends) {
    // More than a sort that is not stable leaves in order by chance.
    const auto live = sessions_used(std::vector(40, 0s));
    session_ids first;
    for (std::size_t i = 0; i < 20; ++i) first.push_back(live[i].id);
    EXPECT_EQ(surplus_sessions(live, 21), first);
}

TEST(surplus_sessions, one_more_always_fits) {
    for (const std::size_t per_account : {0, 1}) {
        const auto live = sessions_used({0s, 1s});
        EXPECT_EQ(surplus_sessions(live, per_account), (session_ids{live[0].id, live[1].id}));
    }
}

}  // namespace
}  // namespace userinfo
