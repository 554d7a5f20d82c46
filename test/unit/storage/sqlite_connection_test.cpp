// What a connection that writes asks of SQLite beyond its defaults.
#include "storage/sql/sqlite/sqlite_connection.h"

#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "storage/sql/errors.h"
#include "storage/sql/sqlite/sqlite_schema.h"
#include "support/manual_clock.h"
#include "support/scratch_folder.h"

namespace userinfo::sql {

namespace {

class sqlite_connection_test : public testing::Test {
protected:
    sqlite_connection_test() { migrate_sqlite(file_, test::manual_clock()); }

    test::scratch_folder folder_;
    std::filesystem::path file_ = folder_ / "userinfo.db";
};

TEST_F(sqlite_connection_test, lets_no_row_refer_to_one_that_is_not_there) {
    sqlite_connection db(file_, sqlite_connection::access::write);
    EXPECT_THROW(db.execute("INSERT INTO credential (account_id, kind, data, set_at) VALUES (7, 1, '', 0)"),
                 driver_error);
}

TEST_F(sqlite_connection_test, a_commit_has_reached_the_disk) {
    sqlite_connection db(file_, sqlite_connection::access::write);
    EXPECT_EQ(db.query("PRAGMA synchronous").at(0).integer(0), 2);
    EXPECT_EQ(db.query("PRAGMA journal_mode").at(0).text(0), "wal");
}

TEST_F(sqlite_connection_test, what_was_deleted_is_not_in_the_file) {
    const std::string secret = "what nobody should find in the file";
    const auto is_in_file = [&] {
        std::ifstream stream(file_, std::ios::binary);
        const std::string all(std::istreambuf_iterator<char>(stream), {});
        return all.contains(secret);
    };
    const auto write_to_file = [](sqlite_connection& db) { db.query("PRAGMA wal_checkpoint(TRUNCATE)"); };
    sqlite_connection db(file_, sqlite_connection::access::write);
    db.execute(
        "INSERT INTO throttle (kind, key_hash, failures, first_at, last_at, blocked_until) VALUES (1, ?, 0, 0, 0, 0)",
        {blob{secret}});
    write_to_file(db);
    EXPECT_TRUE(is_in_file());
    db.execute("DELETE FROM throttle");
    write_to_file(db);
    EXPECT_FALSE(is_in_file());
}

}  // namespace

}  // namespace userinfo::sql
