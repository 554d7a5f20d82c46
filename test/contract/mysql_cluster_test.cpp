#include "storage/sql/mysql/mysql_cluster.h"

#include <fstream>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>

#include "base/log.h"
#include "base/metrics.h"
#include "storage/sql/errors.h"
#include "storage/sql/mysql/mysql_database.h"
#include "storage/sql/mysql/mysql_schema.h"
#include "support/eventually.h"
#include "support/manual_clock.h"
#include "support/mariadb_server.h"
#include "support/run_task.h"
#include "support/scratch_folder.h"
#include "support/tcp_proxy.h"

namespace userinfo::sql {

namespace {

using namespace std::chrono_literals;

void administer(const std::string& server, std::initializer_list<const char*> statements) {
    mysql_handle administrator(test::mariadb_administrator(server), 0s);
    for (const auto* each : statements) administrator.run(each);
}

std::uint64_t count_rows(const std::string& server) {
    mysql_connection db(test::mariadb_app(server), mysql_connection::access::read);
    return db.query_one("SELECT COUNT(*) FROM throttle")->count(0);
}

std::string last_change(const std::string& server) {
    mysql_connection db(test::mariadb_app(server), mysql_connection::access::look);
    return std::string(db.query_one("SELECT @@global.gtid_binlog_pos")->text(0));
}

// Tells whether it got to its end.
bool end_wait_for_room(mysql_handle& program) {
    try {
        program.run_script("CALL end_wait_for_room()");
        return true;
    } catch (const driver_error&) {
        return false;
    }
}

// Writes something on the same connection as `program`, and expects that a replica gets it.
void expect_replicated_writes(mysql_handle& program) {
    const auto before = last_change("PRIMARY");
    program.run("UPDATE cluster_state SET heartbeat = heartbeat + 1");
    EXPECT_NE(last_change("PRIMARY"), before);
}

class end_wait_for_room_test : public testing::Test {
protected:
    end_wait_for_room_test() { migrate_mysql(test::mariadb_migrator(), system_clock()); }

    static bool is_replica_current() { return last_change("REPLICA") == last_change("PRIMARY"); }
};

TEST_F(end_wait_for_room_test, writes_nothing_and_leaves_its_callers_session_as_it_was) {
    mysql_handle program(test::mariadb_app(), 0s);
    const auto before = last_change("PRIMARY");
    EXPECT_TRUE(end_wait_for_room(program));
    EXPECT_EQ(last_change("PRIMARY"), before);
    expect_replicated_writes(program);
    for (const auto* limit : {"0.001", "0.01", "0.02", "0.04", "0.08"}) {
        program.run(("SET SESSION max_statement_time = " + std::string(limit)).c_str());
        end_wait_for_room(program);
        program.run("SET SESSION max_statement_time = 0");
        expect_replicated_writes(program);
    }
}

TEST_F(end_wait_for_room_test, writes_nothing_on_a_replica_not_even_in_a_transaction) {
    ASSERT_TRUE(test::eventually(is_replica_current));
    mysql_handle program(test::mariadb_app("REPLICA"), 0s);
    program.run_script("START TRANSACTION; SELECT COUNT(*) FROM cluster_state");
    end_wait_for_room(program);
    EXPECT_TRUE(is_replica_current());
}

// The primary stands behind a proxy.
class mysql_cluster_test : public testing::Test {
protected:
    mysql_cluster_test() {
        migrate_mysql(test::mariadb_migrator(), system_clock());
        administer("PRIMARY", {"DELETE FROM throttle"});
        primary_.port = proxy_.port();
        cluster_.emplace(options(), clock_, metrics_);
        EXPECT_TRUE(cluster_->wait_for_primary(5s));
        EXPECT_TRUE(test::eventually([this] { return writes_to_primary() && reads_from_replica(); }));
    }

    mysql_cluster_options options() const {
        return {.hosts = {{.endpoint = primary_, .name = "a", .threads = 2},
                          {.endpoint = test::mariadb_app("REPLICA"), .name = "b", .threads = 2}},
                .interval = 50ms,
                .rules = {.lag_limit = 500ms, .probe_limit = 2s, .longest_commit = 100ms}};
    }

    bool writes_to_primary() { return port_of(writes_) == test::mariadb_app("PRIMARY").port; }
    bool reads_from_replica() { return port_of(reads_) == test::mariadb_app("REPLICA").port; }

    // Of the server that answers; 0 if none does.
    static std::int64_t port_of(mysql_database& database) {
        return test::run(database.read([](connection& db) -> result<std::int64_t> {
                   return db.query_one("SELECT @@global.port")->integer(0);
               }))
            .value_or(0);
    }

    bool insert(std::int64_t kind) {
        return test::run(writes_.write([kind](connection& db) -> result<void> {
                   db.execute(
                       "INSERT INTO throttle (kind, key_hash, failures, first_at, last_at, blocked_until) "
                       "VALUES (?, 'x', 0, 0, 0, 0)",
                       {kind});
                   return {};
               }))
            .has_value();
    }

    void expect_reads_only_for(std::chrono::milliseconds time) {
        const auto until = std::chrono::steady_clock::now() + time;
        while (std::chrono::steady_clock::now() < until) {
            ASSERT_NE(cluster_->primary(), nullptr);
            ASSERT_EQ(cluster_->writer(), nullptr);
        }
    }

    mysql_endpoint primary_ = test::mariadb_app();
    test::tcp_proxy proxy_{primary_.port};
    system_clock clock_;
    metrics metrics_;
    std::optional<mysql_cluster> cluster_;
    mysql_database writes_{[this](auto) { return cluster_->writer(); }};
    mysql_database reads_{[this](auto) { return cluster_->replica(); }};
};

TEST_F(mysql_cluster_test, reads_leave_a_replica_that_lags_and_come_back) {
    administer("REPLICA", {"STOP SLAVE SQL_THREAD"});
    ASSERT_TRUE(insert(1));
    EXPECT_TRUE(test::eventually([this] { return !reads_from_replica(); }, 5s));
    administer("REPLICA", {"START SLAVE SQL_THREAD"});
    EXPECT_TRUE(test::eventually([this] { return reads_from_replica(); }, 5s));
}

TEST_F(mysql_cluster_test, a_replica_that_has_all_takes_reads_although_it_applies_nothing) {
    ASSERT_TRUE(insert(1));
    ASSERT_TRUE(test::eventually([] { return count_rows("REPLICA") == 1; }));
    administer("REPLICA", {"STOP SLAVE SQL_THREAD"});
    const auto until = std::chrono::steady_clock::now() + 1s;  // twice the lag limit
    while (std::chrono::steady_clock::now() < until) ASSERT_TRUE(reads_from_replica());
    administer("REPLICA", {"START SLAVE SQL_THREAD"});
}

TEST_F(mysql_cluster_test, asking_the_servers_writes_nothing) {
    mysql_connection db(test::mariadb_app(), mysql_connection::access::read);
    const auto figures = [&db] {
        const auto row = db.query_one(
            "SELECT @@global.gtid_binlog_pos, (SELECT variable_value FROM information_schema.global_status "
            "WHERE variable_name = 'Com_select')");
        db.rollback();
        return std::pair(row->text(0), std::stoull(row->text(1)));
    };
    const auto [position, asked] = figures();
    EXPECT_TRUE(test::eventually([&] { return figures().second > asked + 40; }, 5s));
    EXPECT_EQ(figures().first, position);
}

TEST_F(mysql_cluster_test, knows_for_how_long_nothing_was_written) {
    mysql_database watched{[this](auto) { return cluster_->writer(); }, [this] { return cluster_->unchanged(); }};
    ASSERT_TRUE(test::eventually([&] { return watched.unchanged().has_value(); }));
    const auto before = watched.unchanged()->since;
    EXPECT_TRUE(test::eventually([&] { return watched.unchanged()->until > before + 500ms; }));
    EXPECT_EQ(watched.unchanged()->since, before);
    const auto wrote = std::chrono::steady_clock::now();
    ASSERT_TRUE(insert(1));  // as another program
    EXPECT_TRUE(test::eventually([&] { return !watched.unchanged(); }));
    ASSERT_TRUE(test::eventually([&] { return watched.unchanged().has_value(); }));
    EXPECT_GT(watched.unchanged()->since, wrote + 100ms);
}

TEST_F(mysql_cluster_test, what_the_program_itself_writes_ends_the_time_without_changes_at_once) {
    auto period = unchanged_period{.since = {}, .until = std::chrono::steady_clock::now()};
    mysql_database watched{[this](auto) { return cluster_->writer(); }, [&period] { return std::optional(period); }};
    EXPECT_TRUE(watched.unchanged());
    ASSERT_TRUE(test::run(watched.write([](connection& db) -> result<void> {
        db.execute("UPDATE cluster_state SET heartbeat = heartbeat + 1");
        return {};
    })));
    EXPECT_FALSE(watched.unchanged());
    period.until = std::chrono::steady_clock::now();
    ASSERT_TRUE(watched.unchanged());
    EXPECT_GT(watched.unchanged()->since, period.since);
}

TEST_F(mysql_cluster_test, without_a_primary_reads_go_on_and_writes_fail_at_once) {
    proxy_.refuse();
    EXPECT_TRUE(test::eventually([this] { return cluster_->primary() == nullptr; }, 2s));
    EXPECT_FALSE(insert(1));
    EXPECT_TRUE(reads_from_replica());
    proxy_.accept();
    EXPECT_TRUE(test::eventually([this] { return insert(1); }, 2s));
}

TEST_F(mysql_cluster_test, without_a_replica_writes_go_on_unless_one_is_required) {
    auto strict_options = options();
    strict_options.require_replica = true;
    mysql_cluster strict(strict_options, clock_, metrics_);
    ASSERT_TRUE(test::eventually([&] { return strict.writer() != nullptr; }));
    administer("REPLICA", {"STOP SLAVE IO_THREAD"});
    EXPECT_TRUE(test::eventually([&] { return strict.writer() == nullptr; }, 5s));
    EXPECT_NE(strict.primary(), nullptr);
    EXPECT_TRUE(insert(1));
    EXPECT_TRUE(test::eventually([&] { return metrics_.text().contains("userinfo_storage_replicated 0"); }));
    administer("REPLICA", {"START SLAVE IO_THREAD"});
    EXPECT_TRUE(test::eventually([&] { return strict.writer() != nullptr; }, 5s));
}

// Lets commits on the primary hang, as a full disk does.
class commits_blocked {
public:
    commits_blocked() {
        administrator_.run("BACKUP STAGE START");
        administrator_.run("BACKUP STAGE BLOCK_COMMIT");
    }
    ~commits_blocked() { administrator_.run("BACKUP STAGE END"); }

    commits_blocked(const commits_blocked&) = delete;
    commits_blocked& operator=(const commits_blocked&) = delete;

private:
    mysql_handle administrator_{test::mariadb_administrator("PRIMARY"), 0s};
};

TEST_F(mysql_cluster_test, while_commits_hang_the_primary_is_read_from_and_takes_no_writes) {
    mysql_database primary([this](auto) { return cluster_->primary(); });
    {
        const commits_blocked blocked;
        EXPECT_FALSE(insert(1));
        EXPECT_TRUE(test::eventually([this] { return cluster_->writer() == nullptr; }, 2s));
        const auto until = std::chrono::steady_clock::now() + 5s;
        while (std::chrono::steady_clock::now() < until) {
            ASSERT_NE(cluster_->primary(), nullptr);
            ASSERT_EQ(cluster_->writer(), nullptr);
            ASSERT_EQ(port_of(primary), test::mariadb_app("PRIMARY").port);
            const auto began = std::chrono::steady_clock::now();
            ASSERT_FALSE(insert(2));
            ASSERT_LT(std::chrono::steady_clock::now() - began, 500ms);
        }
        EXPECT_NE(metrics_.text().find("userinfo_storage_has_primary 0"), std::string::npos);
    }
    EXPECT_TRUE(test::eventually([this] { return insert(3); }, 3s));
    EXPECT_NE(metrics_.text().find("userinfo_storage_has_primary 1"), std::string::npos);
}

// Counts what the primary is asked.
class questions_logged {
public:
    questions_logged() {
        administer("PRIMARY", {"SET SESSION sql_log_bin = 0", "TRUNCATE TABLE mysql.general_log",
                               "SET GLOBAL log_output = 'TABLE'", "SET GLOBAL general_log = 1"});
    }
    ~questions_logged() { administer("PRIMARY", {"SET GLOBAL general_log = 0"}); }

    questions_logged(const questions_logged&) = delete;
    questions_logged& operator=(const questions_logged&) = delete;

    std::uint64_t count(std::string_view pattern) {
        return db_
            .query_one("SELECT COUNT(*) FROM mysql.general_log WHERE command_type = 'Execute' AND argument LIKE ?",
                       {pattern})
            ->count(0);
    }

private:
    mysql_connection db_{test::mariadb_administrator(), mysql_connection::access::look};
};

TEST_F(mysql_cluster_test, a_try_to_write_delays_no_probe_and_a_server_that_takes_no_writes_is_not_asked_for_commits) {
    {
        const commits_blocked blocked;
        EXPECT_FALSE(insert(1));
        ASSERT_TRUE(test::eventually([this] { return cluster_->writer() == nullptr; }, 2s));
        proxy_.hold_new(true);
        expect_reads_only_for(1600ms);  // a try that has its connection already gives up after 1.5 s
    }
    expect_reads_only_for(4s);  // longer than a connection may take, and a report is valid
    administer("PRIMARY", {"SET GLOBAL read_only = 1"});
    EXPECT_TRUE(test::eventually([this] { return cluster_->primary() == nullptr; }, 2s));
    {
        questions_logged questions;
        EXPECT_TRUE(test::eventually([&] { return questions.count("SELECT @@global.read_only%") > 10; }, 5s));
        EXPECT_EQ(questions.count("SELECT COUNT(IF(%processlist%"), 0u);
    }
    proxy_.hold_new(false);
    administer("PRIMARY", {"SET GLOBAL read_only = 0"});
    EXPECT_TRUE(test::eventually([this] { return insert(2); }, 5s));
}

TEST_F(mysql_cluster_test, without_a_primary_each_server_is_told_with_its_reason) {
    proxy_.refuse();
    EXPECT_TRUE(test::eventually([this] { return cluster_->complaints().contains("Can't connect"); }, 2s));
    const auto refused = cluster_->complaints();
    EXPECT_NE(refused.find("a: cannot connect to the database at 127.0.0.1:"), std::string::npos) << refused;
    EXPECT_NE(refused.find("; b: it is read-only"), std::string::npos) << refused;
    proxy_.accept();

    auto strangers = options();
    strangers.hosts[0].endpoint.password = "another";
    mysql_cluster strange(strangers, clock_, metrics_);
    EXPECT_FALSE(strange.wait_for_primary(300ms));
    const auto denied = strange.complaints();
    EXPECT_NE(denied.find("MariaDB error 1045: Access denied"), std::string::npos) << denied;
}

TEST_F(mysql_cluster_test, the_log_says_why_each_server_is_no_primary) {
    const test::scratch_folder folder;
    const auto file = folder / "log";
    open_log({.format = log_format::json, .file = file.string()});
    proxy_.refuse();
    EXPECT_TRUE(test::eventually([this] { return cluster_->primary() == nullptr; }, 2s));
    cluster_.reset();
    close_log();
    std::ostringstream log;
    log << std::ifstream(file).rdbuf();
    const auto told = log.str();
    const auto warning = told.find(R"("message":"no primary database is available; writes are rejected")");
    ASSERT_NE(warning, told.npos) << told;
    const auto detail = told.substr(warning, told.find('\n', warning) - warning);
    EXPECT_TRUE(detail.contains(R"("detail":"a: MariaDB error )")) << detail;
    EXPECT_TRUE(detail.contains(R"(; b: it is read-only")")) << detail;
}

// Nobody else gets a connection to the primary.
class connections_taken {
public:
    connections_taken() {
        administrator_.run("SET GLOBAL max_connections = 10");
        EXPECT_THROW(for (int i = 0; i < 20; ++i) taken_.emplace_back(test::mariadb_app("PRIMARY"), 0s), driver_error);
    }
    ~connections_taken() { administrator_.run("SET GLOBAL max_connections = 500"); }

    connections_taken(const connections_taken&) = delete;
    connections_taken& operator=(const connections_taken&) = delete;

private:
    mysql_handle administrator_{test::mariadb_administrator("PRIMARY"), 0s};
    std::vector<mysql_handle> taken_;
};

TEST_F(mysql_cluster_test, a_server_that_has_no_connection_left_is_told_as_such) {
    const connections_taken taken;
    mysql_cluster late(options(), clock_, metrics_);
    EXPECT_FALSE(late.wait_for_primary(300ms));
    const auto told = late.complaints();
    EXPECT_NE(told.find("MariaDB error 1040: Too many connections"), std::string::npos) << told;
}

TEST_F(mysql_cluster_test, tells_how_far_its_clock_is_from_the_primarys) {
    const auto offset = [this](const clock& clock) {
        metrics figures;
        mysql_cluster cluster(options(), clock, figures);
        const std::string name = "\nuserinfo_clock_offset_seconds ";
        const auto shown = [&] {
            const auto text = figures.text();
            return std::stod(text.substr(text.find(name) + name.size()));
        };
        EXPECT_TRUE(test::eventually([&] { return shown() != 0; }));
        return shown();
    };
    EXPECT_NEAR(offset(clock_), 0, 0.5);
    EXPECT_NEAR(offset(test::manual_clock(clock_.now() + 45s)), 45, 5);
    EXPECT_NEAR(offset(test::manual_clock(clock_.now() - 45s)), -45, 5);
}

TEST_F(mysql_cluster_test, there_is_no_primary_to_wait_for_while_none_takes_writes) {
    proxy_.refuse();
    mysql_cluster cluster(options(), clock_, metrics_);
    EXPECT_FALSE(cluster.wait_for_primary(300ms));
    proxy_.accept();
    EXPECT_TRUE(cluster.wait_for_primary(5s));
}

TEST_F(mysql_cluster_test, no_primary_is_believed_while_another_server_may_know_of_a_later_promotion) {
    test::tcp_proxy hung(test::mariadb_app("REPLICA").port);
    hung.swallow();
    auto others = options();
    others.hosts[1].endpoint.port = hung.port();
    mysql_cluster cluster(others, clock_, metrics_);
    EXPECT_FALSE(cluster.wait_for_primary(500ms));
    EXPECT_TRUE(cluster.wait_for_primary(5s));
}

// Makes the replica the primary; at the end it is a replica again, as if nothing had happened. What is written to it in
// between counts in a domain of its own, so that replication goes on behind it. (Connections that are there already
// would write in the usual domain.)
class promotion {
public:
    promotion() {
        administer("REPLICA", {"STOP SLAVE", "SET GLOBAL gtid_domain_id = 7", "SET SESSION sql_log_bin = 0",
                               "UPDATE cluster_state SET epoch = epoch + 1", "KILL USER app@'127.0.0.1'",
                               "SET GLOBAL read_only = 0"});
    }

    ~promotion() {
        administer("REPLICA",
                   {"SET GLOBAL read_only = 1", "SET SESSION sql_log_bin = 0", "DELETE FROM throttle WHERE kind > 1",
                    "UPDATE cluster_state SET epoch = epoch - 1", "SET GLOBAL gtid_domain_id = 0"});
        administer("PRIMARY", {"DELETE FROM throttle"});
        administer("REPLICA", {"START SLAVE"});
    }

    promotion(const promotion&) = delete;
    promotion& operator=(const promotion&) = delete;
};

TEST_F(mysql_cluster_test, writes_follow_a_promotion_and_a_former_primary_that_returns_gets_none) {
    ASSERT_TRUE(insert(1));
    ASSERT_TRUE(test::eventually([] { return count_rows("REPLICA") == 1; }));
    proxy_.refuse();
    {
        const promotion promoted;
        EXPECT_TRUE(test::eventually([this] { return insert(2); }, 2s));
        proxy_.accept();
        EXPECT_TRUE(test::eventually([this] { return cluster_->set_aside() == 1; }, 2s));
        for (int i = 3; i < 13; ++i) EXPECT_TRUE(insert(i));
        EXPECT_EQ(count_rows("PRIMARY"), 1u);
        EXPECT_EQ(count_rows("REPLICA"), 12u);
        EXPECT_NE(metrics_.text().find("userinfo_storage_set_aside 1"), std::string::npos);
        cluster_.reset();
    }
}

}  // namespace

}  // namespace userinfo::sql
