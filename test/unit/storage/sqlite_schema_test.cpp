#include "storage/sql/sqlite/sqlite_schema.h"

#include <thread>

#include <gtest/gtest.h>

#include "base/metrics.h"
#include "storage/sql/errors.h"
#include "storage/sql/sqlite/sqlite_database.h"
#include "support/manual_clock.h"
#include "support/scratch_folder.h"

namespace userinfo::sql {

namespace {

namespace fs = std::filesystem;

class sqlite_schema : public testing::Test {
protected:
    // What a migration that this program does not know leaves behind.
    void apply_future_migration(statement change, std::int64_t value) {
        sqlite_connection db(file_, sqlite_connection::access::write);
        db.execute("INSERT INTO schema_migration (number, name, applied_at) VALUES (999, 'future', 0)");
        db.execute(change, {value});
    }

    static fs::perms mode(const fs::path& path) { return fs::status(path).permissions(); }

    test::scratch_folder folder_;
    fs::path file_ = folder_ / "data/userinfo.db";
    test::manual_clock clock_;
    metrics metrics_;
};

TEST_F(sqlite_schema, applies_each_migration_once) {
    const auto first = migrate_sqlite(file_, clock_);
    ASSERT_EQ(first.size(), sqlite_migrations().size());
    EXPECT_EQ(first[0].number, 1);
    EXPECT_EQ(first[0].name, "initial");
    EXPECT_EQ(first[0].applied_at, clock_.now());
    EXPECT_TRUE(migrate_sqlite(file_, clock_).empty());
}

TEST_F(sqlite_schema, makes_files_and_folder_for_its_user_alone) {
    migrate_sqlite(file_, clock_);
    const sqlite_database database({.file = file_}, metrics_);
    EXPECT_EQ(mode(file_.parent_path()), fs::perms::owner_all);
    const auto private_file = fs::perms::owner_read | fs::perms::owner_write;
    for (const auto* name : {"data/userinfo.db", "data/userinfo.db-wal", "data/userinfo.db-shm"}) {
        EXPECT_EQ(mode(folder_ / name), private_file) << name;
    }
}

TEST_F(sqlite_schema, runs_on_a_newer_schema_that_permits_this_program) {
    migrate_sqlite(file_, clock_);
    apply_future_migration("UPDATE schema_compatibility SET oldest_program = ?", sqlite_migrations().back().number);
    EXPECT_TRUE(migrate_sqlite(file_, clock_).empty());
    EXPECT_NO_THROW(sqlite_database({.file = file_}, metrics_));
}

TEST_F(sqlite_schema, refuses_a_newer_schema_that_does_not_permit_this_program) {
    migrate_sqlite(file_, clock_);
    apply_future_migration("UPDATE schema_compatibility SET oldest_program = ?", sqlite_migrations().back().number + 1);
    EXPECT_THROW(migrate_sqlite(file_, clock_), std::runtime_error);
    EXPECT_THROW(sqlite_database({.file = file_}, metrics_), std::runtime_error);
}

TEST_F(sqlite_schema, refuses_a_newer_schema_that_does_not_say_which_program_it_permits) {
    migrate_sqlite(file_, clock_);
    apply_future_migration("DELETE FROM schema_compatibility WHERE id > ?", 0);
    EXPECT_THROW(migrate_sqlite(file_, clock_), std::runtime_error);
    try {
        const sqlite_database database({.file = file_}, metrics_);
        FAIL();
    } catch (const std::runtime_error& refused) {
        EXPECT_NE(std::string(refused.what()).find("999"), std::string::npos) << refused.what();
    }
}

TEST_F(sqlite_schema, refuses_to_serve_a_schema_that_is_too_old) {
    {
        const sqlite_connection made(file_, sqlite_connection::access::create);
    }
    EXPECT_THROW(sqlite_database({.file = file_}, metrics_), std::runtime_error);
}

TEST_F(sqlite_schema, keeps_the_keys_when_their_table_is_built_anew) {
    {
        sqlite_connection db(file_, sqlite_connection::access::create);
        apply_migrations(db, sqlite_migrations().first(1), clock_);
        db.execute(
            "INSERT INTO crypto_key (id, kid, purpose, state, public_jwk, sealed, sealing_key_id, not_before, "
            "created_at) VALUES (7, 'kid', 1, 2, '{}', x'01', 'master', 3, 4)");
    }
    EXPECT_EQ(migrate_sqlite(file_, clock_).size(), sqlite_migrations().size() - 1);
    sqlite_connection db(file_, sqlite_connection::access::write);
    const auto kept = db.query_one("SELECT id, sealed, not_before FROM crypto_key WHERE kid = 'kid'");
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->integer(0), 7);
    EXPECT_EQ(kept->text(1), "\x01");
    EXPECT_EQ(kept->integer(2), 3);
    EXPECT_THROW(db.execute("INSERT INTO crypto_key (kid, purpose, state, public_jwk, sealed, sealing_key_id, "
                            "not_before, created_at) VALUES ('second', 1, 2, '{}', x'01', 'master', 3, 4)"),
                 constraint_violation);
}

TEST_F(sqlite_schema, migrators_at_the_same_time_do_it_once) {
    std::atomic<std::size_t> applied = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i) {
        threads.emplace_back([this, &applied] { applied += migrate_sqlite(file_, clock_).size(); });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(applied, sqlite_migrations().size());
}

TEST_F(sqlite_schema, a_migration_that_fails_leaves_nothing) {
    constexpr migration broken[] = {{1, "broken", "CREATE TABLE half (id INTEGER); CREATE TABLE oops (;"}};
    sqlite_connection db(file_, sqlite_connection::access::create);
    EXPECT_ANY_THROW(apply_migrations(db, broken, clock_));
    EXPECT_FALSE(db.has_table("half"));
    EXPECT_FALSE(db.in_transaction());
}

TEST_F(sqlite_schema, names_the_file_that_cannot_be_used) {
    try {
        migrate_sqlite("/proc/nowhere/userinfo.db", clock_);
        FAIL();
    } catch (const std::runtime_error& failed) {
        EXPECT_NE(std::string(failed.what()).find("/proc/nowhere"), std::string::npos) << failed.what();
    }
}

}  // namespace

}  // namespace userinfo::sql
