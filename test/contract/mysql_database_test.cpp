#include "storage/sql/mysql/mysql_database.h"

#include <csignal>
#include <latch>
#include <thread>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/metrics.h"
#include "storage/sql/errors.h"
#include "storage/sql/mysql/mysql_schema.h"
#include "support/eventually.h"
#include "support/mariadb_server.h"
#include "support/run_task.h"
#include "support/tcp_proxy.h"

namespace userinfo::sql {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

// A row in a table that refers to none.
void insert_row(connection& db, std::int64_t kind) {
    db.execute(
        "INSERT INTO throttle (kind, key_hash, failures, first_at, last_at, blocked_until) VALUES (?, 'x', 0, 0, 0, 0)",
        {kind});
}

void lock_row(connection& db, std::int64_t kind) {
    db.execute("UPDATE throttle SET failures = failures + 1 WHERE kind = ?", {kind});
}

class mysql_database_test : public testing::Test {
protected:
    mysql_database_test() {
        static const auto migrated = migrate_mysql(test::mariadb_migrator(), system_clock());
        administer("DELETE FROM throttle");
    }

    static void administer(const char* sql) { mysql_handle(test::mariadb_administrator(), 0s).run(sql); }

    mysql_database& database() {
        if (!database_) {
            host_ = std::make_unique<mysql_host>(options_, metrics_);
            database_ = std::make_unique<mysql_database>(*host_);
        }
        return *database_;
    }

    task<result<void>> insert(std::int64_t kind) {
        return database().write([kind](connection& db) -> result<void> {
            insert_row(db, kind);
            return {};
        });
    }

    // Of a new connection's view.
    static std::uint64_t count(const mysql_endpoint& endpoint = test::mariadb_app()) {
        mysql_connection db(endpoint, mysql_connection::access::read);
        return db.query_one("SELECT COUNT(*) FROM throttle")->count(0);
    }

    bool has_retried(const std::string& cause) {
        const auto text = metrics_.text();
        const auto begin = text.find("userinfo_storage_retries_total{cause=\"" + cause);
        const auto value = text.find("} ", begin);
        return begin != text.npos && text.at(value + 2) != '0';
    }

    // What the outcome of a write is, and for how long it took.
    std::pair<result<void>, steady::duration> timed_insert(std::int64_t kind) {
        const auto began = steady::now();
        auto outcome = test::run(insert(kind));
        return {std::move(outcome), steady::now() - began};
    }

    mysql_host_options options_{.endpoint = test::mariadb_app(), .threads = 4};
    metrics metrics_;
    std::unique_ptr<mysql_host> host_;
    std::unique_ptr<mysql_database> database_;
};

TEST_F(mysql_database_test, a_deadlock_is_run_again) {
    ASSERT_TRUE(test::run(insert(1)));
    ASSERT_TRUE(test::run(insert(2)));
    std::latch both_hold_one(2);
    const auto lock_both = [&](std::int64_t first, std::int64_t second) {
        return database().write([&both_hold_one, first, second, tries = 0](connection& db) mutable -> result<void> {
            lock_row(db, first);
            if (tries++ == 0) both_hold_one.arrive_and_wait();
            lock_row(db, second);
            return {};
        });
    };
    std::vector<task<result<void>>> writes;
    writes.push_back(lock_both(1, 2));
    writes.push_back(lock_both(2, 1));
    for (const auto& each : test::run_together(std::move(writes))) EXPECT_TRUE(each);
    EXPECT_TRUE(has_retried("conflict"));
    mysql_connection db(options_.endpoint, mysql_connection::access::read);
    EXPECT_EQ(db.query_one("SELECT MIN(failures) FROM throttle")->integer(0), 2);
}

TEST_F(mysql_database_test, a_conflict_in_the_midst_of_an_answer_is_run_again_without_delay) {
    ASSERT_TRUE(test::run(insert(1)));
    ASSERT_TRUE(test::run(insert(2)));
    mysql_connection other(options_.endpoint, mysql_connection::access::write);
    lock_row(other, 2);
    const auto began = steady::now();
    const auto outcome = test::run(database().write([&other, tries = 0](connection& db) mutable -> result<std::size_t> {
        if (++tries == 2) other.rollback();
        return db.query("SELECT kind FROM throttle ORDER BY id FOR UPDATE").size();
    }));
    EXPECT_EQ(outcome.value_or(0), 2u);
    EXPECT_TRUE(has_retried("conflict"));
    EXPECT_LT(steady::now() - began, 2500ms);
}

TEST_F(mysql_database_test, an_idle_connection_that_was_killed_is_replaced_unseen) {
    options_.threads = 1;
    ASSERT_TRUE(test::run(insert(1)));
    administer("KILL USER app@'127.0.0.1'");
    EXPECT_TRUE(test::run(insert(2)));
    EXPECT_TRUE(has_retried("stale"));
    EXPECT_EQ(count(), 2u);
}

TEST_F(mysql_database_test, a_transaction_whose_idle_connection_breaks_is_done_once) {
    test::tcp_proxy proxy(options_.endpoint.port);
    options_.endpoint.port = proxy.port();
    ASSERT_TRUE(test::run(insert(1)));
    int tries = 0;
    const auto outcome = test::run(database().write([&](connection& db) -> result<void> {
        insert_row(db, 2);
        if (++tries == 1) proxy.cut();
        insert_row(db, 3);
        return {};
    }));
    EXPECT_TRUE(outcome);
    EXPECT_EQ(tries, 2);
    EXPECT_EQ(count(), 3u);
}

TEST_F(mysql_database_test, a_commit_whose_answer_is_lost_is_neither_repeated_nor_called_a_success) {
    test::tcp_proxy proxy(options_.endpoint.port);
    options_.endpoint.port = proxy.port();
    ASSERT_TRUE(test::run(insert(1)));
    int tries = 0;
    const auto outcome = test::run(database().write([&](connection& db) -> result<void> {
        ++tries;
        insert_row(db, 2);
        proxy.lose_next_answer();
        return {};
    }));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, errc::unavailable);
    EXPECT_EQ(tries, 1);
    EXPECT_EQ(count(), 2u);
    EXPECT_TRUE(test::run(insert(3)));
}

TEST_F(mysql_database_test, a_server_that_is_down_is_told_at_once_and_used_again_after_its_return) {
    test::tcp_proxy proxy(options_.endpoint.port);
    options_.endpoint.port = proxy.port();
    ASSERT_TRUE(test::run(insert(1)));
    proxy.refuse();
    for (int i = 0; i < 20; ++i) {
        const auto [outcome, took] = timed_insert(2);
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().code, errc::unavailable);
        EXPECT_GT(outcome.error().retry_after, 0s);
        EXPECT_LT(took, 500ms);
    }
    EXPECT_FALSE(host_->is_up(mysql_host::access::write));
    EXPECT_TRUE(host_->is_up(mysql_host::access::read));
    proxy.accept();
    EXPECT_TRUE(test::eventually([this] { return test::run(insert(2)).has_value(); }, 2s));
    EXPECT_TRUE(host_->is_up(mysql_host::access::write));
    EXPECT_EQ(count(), 2u);
}

// To the server, a client that says nothing is one that hangs.
TEST_F(mysql_database_test, a_client_that_hangs_in_a_transaction_loses_its_locks_while_others_wait_for_them) {
    ASSERT_TRUE(test::run(insert(1)));
    mysql_connection hung(options_.endpoint, mysql_connection::access::write);
    hung.query("SELECT kind FROM throttle WHERE kind = 1 FOR UPDATE");  // locks, and writes nothing
    const auto began = steady::now();
    EXPECT_TRUE(test::run(database().write([](connection& db) -> result<void> {
        lock_row(db, 1);
        return {};
    })));
    EXPECT_LT(steady::now() - began, 4s);
    EXPECT_THROW(lock_row(hung, 1), driver_error);
    EXPECT_TRUE(hung.is_broken());
}

class mysql_hung_transaction_test : public mysql_database_test {
protected:
    // Writes two rows, and hangs after the first until the server has ended the transaction.
    result<void> write_and_hang(bool and_write_again) {
        return test::run(database().write([this, and_write_again](connection& db) -> result<void> {
            insert_row(db, 1);
            EXPECT_TRUE(test::eventually([this] { return is_free(1); }, 10s));
            if (and_write_again) insert_row(db, 2);
            return {};
        }));
    }

    // Whether no open transaction has inserted this row.
    bool is_free(std::int64_t kind) {
        mysql_connection other(options_.endpoint, mysql_connection::access::write);
        try {
            insert_row(other, kind);
            other.rollback();
            return true;
        } catch (const driver_error&) {
            return false;
        }
    }
};

TEST_F(mysql_hung_transaction_test, the_statements_that_follow_are_not_run_outside_of_it) {
    EXPECT_EQ(write_and_hang(true).error().code, errc::unavailable);
    EXPECT_EQ(count(), 0u);
}

TEST_F(mysql_hung_transaction_test, its_commit_is_no_success) {
    EXPECT_EQ(write_and_hang(false).error().code, errc::unavailable);
    EXPECT_EQ(count(), 0u);
}

class stopped_server {
public:
    stopped_server() { kill(pid_, SIGSTOP); }
    ~stopped_server() { kill(pid_, SIGCONT); }

    stopped_server(const stopped_server&) = delete;
    stopped_server& operator=(const stopped_server&) = delete;

private:
    const pid_t pid_ = std::stoi(test::environment_variable("MARIADB_PRIMARY_PID"));
};

TEST_F(mysql_database_test, the_deadline_holds_against_a_server_that_hangs) {
    options_.timeout = 1500ms;
    ASSERT_TRUE(test::run(insert(1)));
    {
        const stopped_server stopped;
        const auto [outcome, took] = timed_insert(2);
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().code, errc::unavailable);
        EXPECT_GE(took, 1400ms);
        EXPECT_LT(took, 2500ms);
        EXPECT_LT(timed_insert(3).second, 300ms);
    }
    EXPECT_TRUE(test::eventually([this] { return test::run(insert(4)).has_value(); }));
}

TEST_F(mysql_database_test, the_deadline_is_of_the_whole_transaction) {
    options_.timeout = 1s;
    const auto began = steady::now();
    const auto outcome = test::run(database().write([](connection& db) -> result<void> {
        insert_row(db, 1);
        for (int i = 0; i < 30; ++i) db.query("SELECT SLEEP(0.1)");
        return {};
    }));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, errc::unavailable);
    EXPECT_LT(steady::now() - began, 2s);
    EXPECT_EQ(count(), 0u);
}

TEST_F(mysql_database_test, a_read_only_server_takes_no_write) {
    options_.endpoint = test::mariadb_app("REPLICA");
    EXPECT_TRUE(test::eventually([this] {
        mysql_connection db(options_.endpoint, mysql_connection::access::read);
        return db.query_one("SELECT 1 FROM information_schema.tables WHERE table_name = 'throttle'").has_value();
    }));
    const auto outcome = test::run(insert(1));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, errc::unavailable);
}

TEST_F(mysql_database_test, an_error_leaves_nothing_behind) {
    const auto refused = test::run(database().write([](connection& db) -> result<void> {
        insert_row(db, 1);
        return failure(errc::not_found, "no");
    }));
    EXPECT_EQ(refused.error().code, errc::not_found);
    const auto thrown = test::run(database().write([](connection& db) -> result<void> {
        insert_row(db, 2);
        throw std::logic_error("a bug");
    }));
    EXPECT_EQ(thrown.error().code, errc::internal);
    EXPECT_EQ(count(), 0u);
}

TEST_F(mysql_database_test, an_unexpected_unique_violation_is_tried_again_and_then_internal) {
    ASSERT_TRUE(test::run(insert(1)));
    EXPECT_EQ(test::run(insert(1)).error().code, errc::internal);
    EXPECT_TRUE(has_retried("race"));
}

TEST_F(mysql_database_test, names_the_constraint_that_was_violated) {
    const auto outcome = test::run(database().write([](connection& db) -> result<std::string> {
        insert_row(db, 1);
        try {
            insert_row(db, 1);
        } catch (const constraint_violation& violated) {
            return violated.constraint();
        }
        return "none";
    }));
    EXPECT_EQ(outcome.value(), "throttle.kind");
}

TEST_F(mysql_database_test, an_update_counts_the_rows_that_match_even_if_nothing_changes) {
    ASSERT_TRUE(test::run(insert(1)));
    const auto matched = test::run(database().write([](connection& db) -> result<std::uint64_t> {
        return db.execute("UPDATE throttle SET failures = 0 WHERE kind = 1");
    }));
    EXPECT_EQ(matched.value(), 1u);
}

TEST_F(mysql_database_test, a_reader_cannot_write) {
    const auto outcome = test::run(database().read([](connection& db) -> result<void> {
        insert_row(db, 1);
        return {};
    }));
    EXPECT_EQ(outcome.error().code, errc::internal);
    EXPECT_EQ(count(), 0u);
}

TEST_F(mysql_database_test, a_read_sees_one_snapshot) {
    const auto outcome = test::run(database().read([](connection& db) -> result<bool> {
        const auto before = db.query_one("SELECT COUNT(*) FROM throttle")->count(0);
        mysql_connection other(test::mariadb_app(), mysql_connection::access::write);
        insert_row(other, 1);
        other.commit();
        return db.query_one("SELECT COUNT(*) FROM throttle")->count(0) == before;
    }));
    EXPECT_TRUE(outcome.value());
    EXPECT_EQ(count(), 1u);
}

int option_of(int socket, int level, int option) {
    int value = -1;
    socklen_t size = sizeof value;
    EXPECT_EQ(::getsockopt(socket, level, option, &value, &size), 0);
    return value;
}

TEST_F(mysql_database_test, a_server_whose_machine_is_gone_is_noticed_after_11_seconds) {
    const mysql_connection db(test::mariadb_app(), mysql_connection::access::read);
    EXPECT_EQ(option_of(db.socket(), SOL_SOCKET, SO_KEEPALIVE), 1);
    const int idle_seconds = option_of(db.socket(), IPPROTO_TCP, TCP_KEEPIDLE);
    const int seconds_between_probes = option_of(db.socket(), IPPROTO_TCP, TCP_KEEPINTVL);
    const int probes = option_of(db.socket(), IPPROTO_TCP, TCP_KEEPCNT);
    EXPECT_EQ(idle_seconds + probes * seconds_between_probes, 11);
}

TEST_F(mysql_database_test, speaks_tls_only_to_a_server_that_its_authority_vouches_for) {
    auto endpoint = test::mariadb_app();
    endpoint.tls_ca = test::environment_variable("MARIADB_CA");
    mysql_connection verified(endpoint, mysql_connection::access::read);
    const auto cipher = verified.query_one("SHOW STATUS LIKE 'Ssl_cipher'");
    EXPECT_FALSE(cipher->text(1).empty());
    endpoint.tls_ca = "/etc/ssl/certs/ca-certificates.crt";
    EXPECT_THROW(mysql_connection(endpoint, mysql_connection::access::read), std::runtime_error);
    endpoint.tls_ca = test::environment_variable("MARIADB_CA");
    endpoint.host = "localhost";  // the certificate is for 127.0.0.1
    EXPECT_THROW(mysql_connection(endpoint, mysql_connection::access::read), std::runtime_error);
}

TEST_F(mysql_database_test, speaks_no_clear_text_beyond_this_machine) {
    const auto began = steady::now();
    try {
        mysql_connection({.host = "192.0.2.1", .user = "app", .database = "userinfo"}, mysql_connection::access::read);
        FAIL();
    } catch (const std::runtime_error& refused) {
        EXPECT_NE(std::string(refused.what()).find("TLS"), std::string::npos) << refused.what();
    }
    EXPECT_LT(steady::now() - began, 1s);
}

}  // namespace

}  // namespace userinfo::sql
