#include "storage/sql/sqlite/sqlite_database.h"

#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "base/metrics.h"
#include "storage/sql/errors.h"
#include "storage/sql/sqlite/sqlite_schema.h"
#include "support/manual_clock.h"
#include "support/run_task.h"
#include "support/scratch_folder.h"

namespace userinfo::sql {

namespace {

// A row of some size, in a table that refers to none.
void insert_row(connection& db, std::int64_t key, std::size_t bytes = 10) {
    const std::string name(bytes, 'x');
    db.execute(
        "INSERT INTO throttle (kind, key_hash, failures, first_at, last_at, blocked_until) "
        "VALUES (?, ?, 0, 0, 0, 0)",
        {key, blob{name}});
}

class sqlite_database_test : public testing::Test {
protected:
    sqlite_database_test() { migrate_sqlite(file_, clock_); }

    task<result<void>> insert(std::int64_t key, std::size_t bytes = 10) {
        return database().write([key, bytes](connection& db) -> result<void> {
            insert_row(db, key, bytes);
            return {};
        });
    }

    std::uint64_t count() {
        return test::run(database().read([](connection& db) -> result<std::uint64_t> {
                   return db.query_one("SELECT COUNT(*) FROM throttle")->count(0);
               }))
            .value();
    }

    sqlite_database& database() {
        if (!database_) database_ = std::make_unique<sqlite_database>(options_, metrics_);
        return *database_;
    }

    // Occupies the writer until `release` is counted down.
    task<result<void>> hold(std::latch& began, std::latch& release) {
        return database().write([&began, &release](connection&) -> result<void> {
            began.count_down();
            release.wait();
            return {};
        });
    }

    void expect_a_full_disk_to_fail_all_that_goes_with(task<result<void>> large);

    test::scratch_folder folder_;
    std::filesystem::path file_ = folder_ / "userinfo.db";
    sqlite_options options_{.file = file_};
    test::manual_clock clock_;
    metrics metrics_;
    std::unique_ptr<sqlite_database> database_;
};

TEST_F(sqlite_database_test, an_error_rolls_back_only_its_own_operation) {
    std::vector<task<result<void>>> writes;
    for (int i = 0; i < 30; ++i) {
        writes.push_back(database().write([i](connection& db) -> result<void> {
            insert_row(db, i);
            if (i % 3 == 0) return failure(errc::not_found, "no");
            if (i % 3 == 1) throw std::logic_error("a bug");
            return {};
        }));
    }
    const auto outcomes = test::run_together(std::move(writes));
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (i % 3 == 0)
            EXPECT_EQ(outcomes[i].error().code, errc::not_found);
        else if (i % 3 == 1)
            EXPECT_EQ(outcomes[i].error().code, errc::internal);
        else
            EXPECT_TRUE(outcomes[i]);
    }
    EXPECT_EQ(count(), 10u);
}

TEST_F(sqlite_database_test, an_unexpected_unique_violation_is_internal_and_hurts_no_neighbour) {
    std::vector<task<result<void>>> writes;
    for (int i = 0; i < 20; ++i) writes.push_back(insert(i / 2));
    std::size_t succeeded = 0;
    for (const auto& each : test::run_together(std::move(writes))) {
        if (each)
            ++succeeded;
        else
            EXPECT_EQ(each.error().code, errc::internal);
    }
    EXPECT_EQ(succeeded, 10u);
    EXPECT_EQ(count(), 10u);
}

TEST_F(sqlite_database_test, names_the_constraint_that_was_violated) {
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

// That none of the operations that are committed with `large` is done when `large` fills the disk.
void sqlite_database_test::expect_a_full_disk_to_fail_all_that_goes_with(task<result<void>> large) {
    ASSERT_TRUE(test::run(insert(0)));
    const auto before = count();
    ASSERT_TRUE(test::run(database().write([](connection& db) -> result<void> {
        const auto pages = db.query("PRAGMA page_count").at(0).integer(0);
        EXPECT_LT(pages, 200);
        db.query("PRAGMA max_page_count = 200");
        return {};
    })));
    std::latch began(1);
    std::latch release(1);
    std::thread holder([&] { EXPECT_TRUE(test::run(hold(began, release))); });
    began.wait();
    std::thread releaser([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        release.count_down();
    });
    std::vector<task<result<void>>> writes;
    for (int i = 1; i <= 20; ++i) writes.push_back(i == 10 ? std::move(large) : insert(i));
    for (const auto& each : test::run_together(std::move(writes), 1)) {
        ASSERT_FALSE(each);
        EXPECT_EQ(each.error().code, errc::unavailable);
    }
    holder.join();
    releaser.join();
    EXPECT_EQ(count(), before);
    EXPECT_TRUE(test::run(insert(100)));
    EXPECT_EQ(count(), before + 1);
}

TEST_F(sqlite_database_test, a_full_disk_fails_all_of_the_batch_and_leaves_nothing_half_written) {
    expect_a_full_disk_to_fail_all_that_goes_with(insert(10, 2'000'000));
}

// SQLite rolls back such a statement alone and leaves the transaction open.
TEST_F(sqlite_database_test, a_disk_that_is_full_after_some_rows_of_a_statement_fails_all_of_the_batch_too) {
    expect_a_full_disk_to_fail_all_that_goes_with(database().write([](connection& db) -> result<void> {
        db.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) "
            "INSERT INTO throttle (kind, key_hash, failures, first_at, last_at, blocked_until) "
            "SELECT 10, CAST(i || zeroblob(20000) AS BLOB), 0, 0, 0, 0 FROM n");
        return {};
    }));
}

TEST_F(sqlite_database_test, refuses_work_when_the_queue_is_full) {
    options_.write_queue_limit = 3;
    std::latch began(1);
    std::latch release(1);
    database();
    std::thread holder([&] { EXPECT_TRUE(test::run(hold(began, release))); });
    began.wait();
    std::vector<task<result<void>>> writes;
    for (int i = 0; i < 3; ++i) writes.push_back(insert(i));
    std::thread waiters([&] {
        for (const auto& each : test::run_together(std::move(writes), 1)) EXPECT_TRUE(each);
    });
    while (metrics_.text().find("userinfo_storage_queue{operation=\"write\"} 3") == std::string::npos) {
        std::this_thread::yield();
    }
    EXPECT_EQ(test::run(insert(9)).error().code, errc::overloaded);
    release.count_down();
    holder.join();
    waiters.join();
    EXPECT_EQ(count(), 3u);
}

TEST_F(sqlite_database_test, its_end_finishes_what_waits) {
    asio::io_context context(1);
    std::optional<result<void>> outcomes[50];
    database();
    for (int i = 0; i < 50; ++i) {
        asio::co_spawn(context.get_executor(), test::detail::keep(insert(i), outcomes[i]), test::detail::rethrow);
    }
    context.poll();  // enqueues them all
    database_.reset();
    context.run();
    for (const auto& each : outcomes) EXPECT_TRUE(each.has_value() && each->has_value());
    EXPECT_EQ(count(), 50u);
}

TEST_F(sqlite_database_test, waits_for_another_process_that_writes) {
    sqlite_connection other(file_, sqlite_connection::access::write);
    other.begin_exclusive();
    insert_row(other, 1);
    std::thread writer([this] { EXPECT_TRUE(test::run(insert(2))); });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    other.commit();
    writer.join();
    EXPECT_EQ(count(), 2u);
}

TEST_F(sqlite_database_test, a_reader_cannot_write) {
    const auto outcome = test::run(database().read([](connection& db) -> result<void> {
        insert_row(db, 1);
        return {};
    }));
    EXPECT_FALSE(outcome);
    EXPECT_EQ(count(), 0u);
}

TEST_F(sqlite_database_test, a_read_sees_one_snapshot) {
    std::latch began(1);
    std::latch written(1);
    std::thread reader([&] {
        const auto outcome = test::run(database().read([&](connection& db) -> result<std::uint64_t> {
            const auto before = db.query_one("SELECT COUNT(*) FROM throttle")->count(0);
            began.count_down();
            written.wait();
            EXPECT_EQ(db.query_one("SELECT COUNT(*) FROM throttle")->count(0), before);
            return before;
        }));
        EXPECT_EQ(outcome.value(), 0u);
    });
    began.wait();
    EXPECT_TRUE(test::run(insert(1)));
    written.count_down();
    reader.join();
}

TEST_F(sqlite_database_test, measures_reads_writes_and_commits) {
    ASSERT_TRUE(test::run(insert(1)));
    count();
    const auto text = metrics_.text();
    for (const auto* operation : {"read", "write", "commit"}) {
        EXPECT_NE(text.find("userinfo_storage_seconds_count{operation=\"" + std::string(operation) + "\"} 1"),
                  text.npos)
            << text;
    }
}

}  // namespace

}  // namespace userinfo::sql
