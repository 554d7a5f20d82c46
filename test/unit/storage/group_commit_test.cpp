#include "storage/sql/sqlite/group_commit.h"

#include <latch>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

#include "storage/sql/sqlite/sqlite_schema.h"
#include "support/manual_clock.h"
#include "support/run_task.h"
#include "support/scratch_folder.h"

namespace userinfo::sql {

namespace {

using namespace std::chrono_literals;

class group_commit_test : public testing::Test {
protected:
    group_commit_test() { migrate_sqlite(file_, test::manual_clock()); }

    // Whether an operation is begun if it may wait for so long, and what becomes of it.
    std::pair<bool, std::optional<error>> try_with(std::chrono::steady_clock::duration timeout) {
        bool begun = false;
        group_commit::operation_body body = [&begun](connection&) { return begun = true; };
        group_commit commit(std::make_unique<sqlite_connection>(file_, sqlite_connection::access::write),
                            {.queue_limit = 10, .batch_limit = 10, .timeout = timeout}, figures_);
        auto failed = test::run(commit.run(body));
        return {begun, std::move(failed)};
    }

    test::scratch_folder folder_;
    std::filesystem::path file_ = folder_ / "userinfo.db";
    metrics figures_;
};

TEST_F(group_commit_test, an_operation_that_waited_for_too_long_is_not_begun) {
    const auto [begun, failed] = try_with(-1ns);
    EXPECT_FALSE(begun);
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->code, errc::unavailable);
}

TEST_F(group_commit_test, no_more_operations_than_the_limit_are_committed_together) {
    std::optional<group_commit> commit(
        std::in_place, std::make_unique<sqlite_connection>(file_, sqlite_connection::access::write),
        group_commit::options{.queue_limit = 10, .batch_limit = 2, .timeout = 1h}, figures_);
    std::latch begun(1), release(1);
    group_commit::operation_body holds_the_writer = [&](connection&) {
        begun.count_down();
        release.wait();
        return true;
    };
    group_commit::operation_body does_nothing = [](connection&) { return true; };
    asio::io_context context(1);
    const auto begin = [&](group_commit::operation_body& body) {
        asio::co_spawn(context, commit->run(body), asio::detached);
        context.poll();
    };
    begin(holds_the_writer);
    begun.wait();
    for (int i = 0; i < 5; ++i) begin(does_nothing);
    release.count_down();
    commit.reset();  // when all is done
    context.run();
    EXPECT_TRUE(figures_.text().contains("userinfo_storage_seconds_count{operation=\"write\"} 6\n"));
    EXPECT_TRUE(figures_.text().contains("userinfo_storage_seconds_count{operation=\"commit\"} 4\n"));
}

TEST_F(group_commit_test, an_operation_in_time_is_done) {
    const auto [begun, failed] = try_with(1h);
    EXPECT_TRUE(begun);
    EXPECT_FALSE(failed);
}

}  // namespace

}  // namespace userinfo::sql
