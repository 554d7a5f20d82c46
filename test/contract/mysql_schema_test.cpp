#include "storage/sql/mysql/mysql_schema.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "storage/sql/errors.h"
#include "support/eventually.h"
#include "support/manual_clock.h"
#include "support/mariadb_server.h"

namespace userinfo::sql {

namespace {

using namespace std::chrono_literals;

mysql_endpoint to_new_database(mysql_endpoint endpoint) {
    endpoint.database = "userinfo_schema";
    return endpoint;
}

class mysql_schema : public testing::Test {
protected:
    mysql_schema() {
        mysql_handle administrator(test::mariadb_administrator(), 0s);
        administrator.run("DROP DATABASE IF EXISTS userinfo_schema");
        administrator.run("CREATE DATABASE userinfo_schema");
    }

    ~mysql_schema() override { mysql_handle(test::mariadb_administrator(), 0s).run("DROP DATABASE userinfo_schema"); }

    std::vector<applied_migration> migrate() { return migrate_mysql(endpoint_, clock_); }

    const mysql_endpoint endpoint_ = to_new_database(test::mariadb_migrator());
    test::manual_clock clock_;
};

TEST_F(mysql_schema, has_the_same_migrations_as_sqlite_and_applies_each_once) {
    const auto first = migrate();
    ASSERT_EQ(first.size(), mysql_migrations().size());
    EXPECT_EQ(first[0].number, 1);
    EXPECT_EQ(first[0].name, "initial");
    EXPECT_EQ(first[0].applied_at, clock_.now());
    EXPECT_TRUE(migrate().empty());
    require_mysql_schema(endpoint_);
}

TEST_F(mysql_schema, refuses_to_serve_a_schema_that_is_too_old) {
    EXPECT_THROW(require_mysql_schema(endpoint_), std::runtime_error);
}

TEST_F(mysql_schema, another_one_is_refused_where_writes_go_and_whoever_cannot_be_asked_may_have_the_right_one) {
    auto nobody = endpoint_;
    nobody.port = 1;
    EXPECT_THROW(refuse_other_mysql_schema({{nobody, endpoint_}}), std::runtime_error);
    EXPECT_THROW(require_mysql_schema(nobody), std::runtime_error);
    refuse_other_mysql_schema({{nobody, to_new_database(test::mariadb_app("REPLICA"))}});
    migrate();
    refuse_other_mysql_schema({{nobody, endpoint_}});
}

TEST_F(mysql_schema, is_made_on_the_one_server_that_takes_writes) {
    const auto replica = to_new_database(test::mariadb_app("REPLICA"));
    ASSERT_TRUE(test::eventually([&] {
        try {
            return mysql_handle(replica, 1s).socket() >= 0;
        } catch (const std::runtime_error&) {
            return false;  // it has not heard of the database yet
        }
    }));
    EXPECT_EQ(only_writable({{replica, endpoint_}}).port, endpoint_.port);
    EXPECT_THROW(only_writable({{replica}}), std::runtime_error);
    EXPECT_THROW(only_writable({{endpoint_, endpoint_}}), std::runtime_error);
}

TEST_F(mysql_schema, runs_on_a_newer_schema_only_if_that_permits_this_program) {
    migrate();
    mysql_schema_connection db(endpoint_);
    db.execute("INSERT INTO schema_migration (number, name, applied_at) VALUES (999, 'future', 0)");
    EXPECT_TRUE(migrate().empty());
    require_mysql_schema(endpoint_);
    refuse_other_mysql_schema({{endpoint_}});

    db.execute("UPDATE schema_compatibility SET oldest_program = ?", {mysql_migrations().back().number + 1});
    EXPECT_THROW(migrate(), std::runtime_error);
    EXPECT_THROW(require_mysql_schema(endpoint_), std::runtime_error);
    EXPECT_THROW(refuse_other_mysql_schema({{endpoint_}}), std::runtime_error);
}

TEST_F(mysql_schema, migrators_at_the_same_time_do_it_once) {
    std::atomic<std::size_t> applied = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([this, &applied] { applied += migrate().size(); });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(applied, mysql_migrations().size());
}

// Wherever it died: after each statement of each migration.
TEST_F(mysql_schema, a_migration_that_died_half_way_is_run_again_to_its_end) {
    for (const auto& each : mysql_migrations()) {
        const std::string script(each.script);
        for (auto end = script.find(";\n"); end != script.npos; end = script.find(";\n", end + 1)) {
            mysql_schema_connection(endpoint_).run_script(script.substr(0, end + 1));
        }
    }
    EXPECT_THROW(require_mysql_schema(endpoint_), std::runtime_error);
    EXPECT_EQ(migrate().size(), mysql_migrations().size());
    require_mysql_schema(endpoint_);
}

TEST_F(mysql_schema, a_migration_that_fails_does_not_count_as_applied_and_frees_the_lock) {
    constexpr migration broken[] = {{1, "broken", "CREATE TABLE half (id INTEGER); CREATE TABLE oops (;"}};
    mysql_schema_connection db(endpoint_);
    EXPECT_ANY_THROW(apply_migrations(db, broken, clock_));
    EXPECT_EQ(migrate().size(), mysql_migrations().size());
}

TEST_F(mysql_schema, there_is_one_active_key_for_each_purpose) {
    migrate();
    mysql_schema_connection db(endpoint_);
    constexpr statement insert =
        "INSERT INTO crypto_key (kid, purpose, state, public_jwk, sealed, sealing_key_id, not_before, created_at) "
        "VALUES (?, ?, ?, '', '', '', 0, 0)";
    db.execute(insert, {"a", 3, 2});
    db.execute(insert, {"b", 3, 1});
    db.execute(insert, {"c", 3, 1});
    try {
        db.execute(insert, {"d", 3, 2});
        FAIL();
    } catch (const constraint_violation& violated) {
        EXPECT_EQ(violated.constraint(), "crypto_key.purpose");
    }
    EXPECT_THROW(db.execute(insert, {"e", 4, 1}), driver_error);
}

TEST_F(mysql_schema, the_program_itself_cannot_change_tables) {
    migrate();
    auto app = to_new_database(test::mariadb_app());
    EXPECT_THROW(mysql_schema_connection(app).run_script("DROP TABLE account"), driver_error);
    EXPECT_THROW(mysql_schema_connection(app).run_script("CREATE TABLE another (id INTEGER)"), driver_error);
}

}  // namespace

}  // namespace userinfo::sql
