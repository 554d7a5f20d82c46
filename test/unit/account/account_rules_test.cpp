#include "account/account_rules.h"

#include <gtest/gtest.h>

#include "support/failure_of.h"
#include "unit/session/stored_sessions.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace test;

constexpr account_standing active{.status = account_status::active, .session_epoch = 3};
constexpr account_standing suspended{.status = account_status::suspended, .session_epoch = 3};
constexpr account_standing deleted{.status = account_status::deleted, .session_epoch = 3};

TEST(check_log_in, opens_a_session_for_the_password_that_was_verified) {
    EXPECT_TRUE(check_log_in(active, 5, 5));
    EXPECT_EQ(failure_of(check_log_in(active, 6, 5)), errc::wrong_credentials);
    EXPECT_EQ(failure_of(check_log_in(active, 4, 5)), errc::wrong_credentials);
}

TEST(check_log_in, opens_none_without_an_account_or_a_password) {
    EXPECT_EQ(failure_of(check_log_in(std::nullopt, 5, 5)), errc::wrong_credentials);
    EXPECT_EQ(failure_of(check_log_in(deleted, 5, 5)), errc::wrong_credentials);
    EXPECT_EQ(failure_of(check_log_in(active, std::nullopt, 5)), errc::wrong_credentials);
    EXPECT_EQ(failure_of(check_log_in(active, std::nullopt, 0)), errc::wrong_credentials);
}

TEST(check_log_in, tells_of_a_suspension_only_after_the_right_password) {
    EXPECT_EQ(failure_of(check_log_in(suspended, 5, 5)), errc::account_suspended);
    EXPECT_EQ(failure_of(check_log_in(suspended, 6, 5)), errc::wrong_credentials);
}

class password_change_rule : public testing::Test {
protected:
    std::optional<errc> failure(std::optional<std::uint64_t> version, timestamp now = opening_time) const {
        return failure_of(check_password_change(own_, version, change_, now));
    }

    std::optional<stored_session> own_ = open_session(uuid::random());
    const password_change change_{
        .by = owner_of(*own_), .verified_version = 5, .password_hash = "hash", .successor = own_->value};
};

TEST_F(password_change_rule, the_password_must_be_the_one_that_was_verified) {
    EXPECT_EQ(failure(5), std::nullopt);
    EXPECT_EQ(failure(6), errc::wrong_password);
    EXPECT_EQ(failure(4), errc::wrong_password);
    EXPECT_EQ(failure(std::nullopt), errc::wrong_password);
}

TEST_F(password_change_rule, the_callers_session_must_be_live) {
    EXPECT_EQ(failure(5, own_->value.expires_at() - 1us), std::nullopt);
    EXPECT_EQ(failure(5, own_->value.expires_at()), errc::invalid_token);
    own_->ended = true;
    EXPECT_EQ(failure(5), errc::invalid_token);
    own_ = std::nullopt;
    EXPECT_EQ(failure(5), errc::invalid_token);
}

TEST_F(password_change_rule, a_caller_whose_session_has_ended_learns_nothing_of_the_password) {
    own_->ended = true;
    EXPECT_EQ(failure(6), errc::invalid_token);
}

TEST_F(password_change_rule, a_session_of_another_account_changes_nothing) {
    own_->value.account = uuid::random();
    EXPECT_EQ(failure(5), errc::invalid_token);
}

TEST(check_removal, an_owner_with_a_live_session_deletes_an_account_that_exists) {
    auto own = open_session(uuid::random());
    const auto by = owner_of(own);
    EXPECT_TRUE(check_removal(active, own, by, opening_time));
    EXPECT_EQ(failure_of(check_removal(deleted, own, by, opening_time)), errc::not_found);
    EXPECT_EQ(failure_of(check_removal(std::nullopt, own, by, opening_time)), errc::not_found);
    EXPECT_EQ(failure_of(check_removal(active, own, by, own.value.expires_at())), errc::invalid_token);
    EXPECT_EQ(failure_of(check_removal(active, std::nullopt, by, opening_time)), errc::invalid_token);
    own.ended = true;
    EXPECT_EQ(failure_of(check_removal(deleted, own, by, opening_time)), errc::invalid_token)
        << "a second deletion tells the caller that they are logged out";
}

TEST(check_exists, an_account_exists_until_it_is_deleted) {
    EXPECT_TRUE(check_exists(active));
    EXPECT_TRUE(check_exists(suspended));
    EXPECT_EQ(failure_of(check_exists(deleted)), errc::not_found);
    EXPECT_EQ(failure_of(check_exists(std::nullopt)), errc::not_found);
}

TEST(decide_status_change, a_suspension_ends_the_sessions_and_a_restoration_does_not) {
    EXPECT_EQ(decide_status_change(active, account_status::suspended), status_change::suspend);
    EXPECT_EQ(decide_status_change(suspended, account_status::active), status_change::restore);
}

TEST(decide_status_change, the_same_status_changes_nothing) {
    EXPECT_EQ(decide_status_change(active, account_status::active), status_change::none);
    EXPECT_EQ(decide_status_change(suspended, account_status::suspended), status_change::none);
}

TEST(decide_status_change, only_an_account_that_exists_has_a_status) {
    for (const auto wanted : {account_status::active, account_status::suspended}) {
        EXPECT_EQ(failure_of(decide_status_change(deleted, wanted)), errc::not_found);
        EXPECT_EQ(failure_of(decide_status_change(std::nullopt, wanted)), errc::not_found);
    }
}

TEST(decide_status_change, nobody_deletes_by_a_status) {
    EXPECT_EQ(failure_of(decide_status_change(active, account_status::deleted)), errc::invalid_argument);
    EXPECT_EQ(failure_of(decide_status_change(deleted, account_status::deleted)), errc::invalid_argument);
}

}  // namespace
}  // namespace userinfo
