#include <string>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "storage/sql/errors.h"
#include "storage/sql/mysql/deadline_watchdog.h"
#include "storage/sql/mysql/host_health.h"
#include "storage/sql/mysql/mysql_errors.h"
#include "storage/sql/mysql/transaction_retries.h"

namespace userinfo::sql {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

TEST(mysql_errors, reads_the_constraint_from_the_last_name_of_the_message) {
    EXPECT_EQ(violated_constraint("Duplicate entry 'a' for key 'login_identifier__value_key'"),
              "login_identifier.value_key");
    EXPECT_EQ(violated_constraint("Duplicate entry 'a' for key 'login_identifier.login_identifier__value_key'"),
              "login_identifier.value_key");
    EXPECT_EQ(violated_constraint("Duplicate entry 'x' for key 'other__column'' for key 'session__sid'"),
              "session.sid");
    EXPECT_EQ(violated_constraint("Duplicate entry '1' for key 'PRIMARY'"), "PRIMARY");
    EXPECT_EQ(violated_constraint(""), "");
}

TEST(mysql_errors, tells_what_may_be_tried_again_from_what_is_away_and_what_is_wrong) {
    for (const unsigned code : {1213u, 1205u}) EXPECT_EQ(kind_of({code, ""}), failure_kind::conflict) << code;
    for (const unsigned code : {1927u, 2002u, 2003u, 2006u, 2013u, 1053u}) {
        EXPECT_EQ(kind_of({code, ""}), failure_kind::disconnected) << code;
    }
    for (const unsigned code : {1290u, 1836u, 1040u, 1317u}) {
        EXPECT_EQ(kind_of({code, ""}), failure_kind::unavailable) << code;
    }
    for (const unsigned code : {1064u, 1406u, 1366u, 1146u, 4025u}) {
        EXPECT_EQ(kind_of({code, ""}), failure_kind::bug) << code;
    }
}

TEST(mysql_errors, keep_values_out_of_their_text) {
    const std::string secret = "anna@example.org";
    for (const unsigned code : {1062u, 1366u, 1292u, 1213u}) {
        try {
            throw_statement_failure({code, "wrong: '" + secret + "' for key 'session__sid'"}, "INSERT …");
        } catch (const std::exception& thrown) {
            EXPECT_EQ(std::string(thrown.what()).find(secret), std::string::npos) << thrown.what();
        }
    }
}

failure_kind kind_of_refused_connection(unsigned code, const char* message) {
    try {
        throw_connect_failure({code, message}, "db:3306");
    } catch (const driver_error& thrown) {
        EXPECT_EQ(std::string(thrown.what()),
                  "cannot connect to the database at db:3306: MariaDB error " + std::to_string(code) + ": " + message);
        return thrown.kind();
    }
}

TEST(mysql_errors, tell_why_a_server_refuses_a_connection_and_call_none_of_it_a_bug) {
    for (const unsigned code : {1040u, 1044u, 1045u, 1049u, 1129u, 1130u, 1203u, 1226u}) {
        EXPECT_EQ(kind_of_refused_connection(code, "Too many connections"), failure_kind::unavailable) << code;
    }
    for (const unsigned code : {2002u, 2026u}) {
        EXPECT_EQ(kind_of_refused_connection(code, "TLS/SSL error"), failure_kind::disconnected) << code;
    }
}

TEST(transaction_retries, has_an_end_for_each_cause) {
    const auto now = steady::now();
    transaction_retries retries(now + 5s);
    for (int i = 0; i < 8; ++i) EXPECT_TRUE(retries.allow(retry_cause::conflict, now)) << i;
    EXPECT_FALSE(retries.allow(retry_cause::conflict, now));
    EXPECT_TRUE(retries.allow(retry_cause::race, now));
    EXPECT_TRUE(retries.allow(retry_cause::stale, now));
}

TEST(transaction_retries, allows_none_for_which_no_time_is_left) {
    const auto now = steady::now();
    transaction_retries retries(now + 5s);
    EXPECT_TRUE(retries.allow(retry_cause::conflict, now + 3s));
    EXPECT_FALSE(retries.allow(retry_cause::conflict, now + 4s));
}

TEST(transaction_retries, waits_longer_with_each_conflict) {
    const auto now = steady::now();
    transaction_retries retries(now + 5s);
    EXPECT_EQ(retries.longest_pause(), 0us);
    retries.allow(retry_cause::stale, now);
    EXPECT_EQ(retries.longest_pause(), 0us);
    retries.allow(retry_cause::conflict, now);
    EXPECT_EQ(retries.longest_pause(), 1ms);
    retries.allow(retry_cause::conflict, now);
    EXPECT_EQ(retries.longest_pause(), 2ms);
}

TEST(host_health, lets_one_try_a_server_that_is_down_now_and_then) {
    const auto now = steady::now();
    host_health health;
    EXPECT_TRUE(health.is_up());
    EXPECT_FALSE(health.take_trial(now));
    EXPECT_TRUE(health.note_failure(now));
    EXPECT_FALSE(health.note_failure(now));
    EXPECT_FALSE(health.is_up());
    EXPECT_FALSE(health.take_trial(now + 499ms));
    EXPECT_TRUE(health.take_trial(now + 500ms));
    EXPECT_FALSE(health.take_trial(now + 501ms));
    EXPECT_TRUE(health.note_success());
    EXPECT_FALSE(health.note_success());
    EXPECT_TRUE(health.is_up());
}

class deadline_watchdog_test : public testing::Test {
protected:
    deadline_watchdog_test() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends_), 0); }

    ~deadline_watchdog_test() override {
        close(ends_[0]);
        close(ends_[1]);
    }

    // What a read at this end says: -1 nothing yet, 0 the end.
    ssize_t peek(int end, int flags) {
        char byte = 0;
        return recv(end, &byte, 1, MSG_PEEK | flags);
    }

    int ends_[2];
    deadline_watchdog watchdog_;
};

TEST_F(deadline_watchdog_test, ends_a_wait_at_its_deadline) {
    const auto began = steady::now();
    const deadline_watchdog::watch later(watchdog_, ends_[1], began + 60s);
    const deadline_watchdog::watch watch(watchdog_, ends_[0], began + 50ms);
    EXPECT_EQ(peek(ends_[0], 0), 0);
    EXPECT_GE(steady::now() - began, 50ms);
}

TEST_F(deadline_watchdog_test, leaves_alone_what_is_not_watched_any_more) {
    const auto soon = steady::now() + 20ms;
    {
        const deadline_watchdog::watch watch(watchdog_, ends_[0], soon);
    }
    int others[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, others), 0);
    {
        const deadline_watchdog::watch watch(watchdog_, others[0], soon + 1ms);
        EXPECT_EQ(peek(others[0], 0), 0);  // so the other's time is over, too
    }
    EXPECT_EQ(peek(ends_[0], MSG_DONTWAIT), -1);
    close(others[0]);
    close(others[1]);
}

}  // namespace

}  // namespace userinfo::sql
