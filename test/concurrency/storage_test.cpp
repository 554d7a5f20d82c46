// One writer that commits in groups, and readers beside it.
#include <atomic>

#include <gtest/gtest.h>

#include "storage/sql/sqlite/sqlite_database.h"
#include "storage/sql/sqlite/sqlite_schema.h"
#include "support/manual_clock.h"
#include "support/run_task.h"
#include "support/scratch_folder.h"
#include "support/threads.h"

namespace userinfo::sql {
namespace {

using test::run;
using test::run_threads;

class group_commit_and_readers : public testing::Test {
protected:
    group_commit_and_readers() {
        migrate_sqlite(file_, clock_);
        sqlite_connection db(file_, sqlite_connection::access::write);
        db.execute("CREATE TABLE tally (id INTEGER PRIMARY KEY, value INTEGER)");
        db.execute("INSERT INTO tally VALUES (1, 0), (2, 0)");
    }

    // Raises both rows in one transaction, or after the first one gives up.
    static result<void> raise(connection& db, bool give_up) {
        db.execute("UPDATE tally SET value = value + 1 WHERE id = 1");
        if (give_up) return failure(errc::not_found, "given up");
        db.execute("UPDATE tally SET value = value + 1 WHERE id = 2");
        return {};
    }

    static result<std::pair<std::int64_t, std::int64_t>> look(connection& db) {
        const auto first = db.query_one("SELECT value FROM tally WHERE id = 1")->integer(0);
        const auto second = db.query_one("SELECT value FROM tally WHERE id = 2")->integer(0);
        return std::pair(first, second);
    }

    const test::scratch_folder folder_;
    const std::filesystem::path file_ = folder_ / "userinfo.db";
    test::manual_clock clock_;
    metrics figures_;
};

TEST_F(group_commit_and_readers, a_reader_sees_whole_transactions_and_each_writer_its_own) {
    sqlite_database database({.file = file_}, figures_);
    std::atomic<std::int64_t> committed = 0;
    run_threads(4, [&](std::size_t thread) {
        std::int64_t seen = 0;
        for (int i = 0; i < 200; ++i) {
            if (thread % 2 == 0) {
                const bool give_up = i % 3 == 0;
                const auto raised = run(database.write([give_up](connection& db) { return raise(db, give_up); }));
                ASSERT_EQ(raised.has_value(), !give_up);
                committed += raised.has_value();
            }
            const auto before = committed.load();
            const auto found = run(database.read(look)).value();
            ASSERT_EQ(found.first, found.second);
            ASSERT_GE(found.first, std::max(seen, before));
            seen = found.first;
            static_cast<void>(figures_.text());
        }
    });
    EXPECT_EQ(run(database.read(look)).value(), std::pair(committed.load(), committed.load()));
}

}  // namespace
}  // namespace userinfo::sql
