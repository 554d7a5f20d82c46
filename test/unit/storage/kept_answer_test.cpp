#include "storage/sql/kept_answer.h"

#include <gtest/gtest.h>

#include "storage/sql/sql_stores.h"
#include "storage/sql/sqlite/sqlite_connection.h"
#include "storage/sql/sqlite/sqlite_schema.h"
#include "support/manual_clock.h"
#include "support/run_task.h"
#include "support/scratch_folder.h"

namespace userinfo::sql {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

class kept_answer_test : public testing::Test {
protected:
    kept_answer_test() { kept_.keep(7, asked_); }

    const steady::time_point asked_ = steady::time_point(100s);
    kept_answer<int> kept_;
};

TEST_F(kept_answer_test, holds_as_of_the_end_of_a_period_without_changes) {
    const unchanged_period period{.since = asked_ - 1s, .until = asked_ + 5s};
    const auto found = kept_.find(period, asked_ + 5s + 600ms);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->answer, 7);
    EXPECT_EQ(found->as_of, asked_ + 5s);
}

TEST_F(kept_answer_test, is_as_new_as_its_question_if_the_period_ended_before) {
    const auto found = kept_.find(unchanged_period{.since = asked_ - 1s, .until = asked_ - 100ms}, asked_ + 300ms);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->as_of, asked_);
}

TEST_F(kept_answer_test, does_not_hold_if_something_may_have_changed_after_the_question) {
    EXPECT_FALSE(kept_.find(std::nullopt, asked_));
    EXPECT_FALSE(kept_.find(unchanged_period{.since = asked_ + 1ms, .until = asked_ + 5s}, asked_ + 5s));
}

TEST_F(kept_answer_test, does_not_hold_if_the_database_was_not_seen_for_long) {
    const unchanged_period period{.since = asked_, .until = asked_};
    EXPECT_TRUE(kept_.find(period, asked_ + 600ms));
    EXPECT_FALSE(kept_.find(period, asked_ + 601ms));
}

TEST_F(kept_answer_test, is_asked_for_again_every_ten_seconds) {
    const auto still = [this](steady::duration after) {
        return kept_.find(unchanged_period{.since = asked_, .until = asked_ + after}, asked_ + after).has_value();
    };
    EXPECT_TRUE(still(10s));
    EXPECT_FALSE(still(10s + 1ms));
}

TEST(kept_answer, there_is_none_at_first) {
    const auto now = steady::now();
    EXPECT_FALSE(kept_answer<int>().find(unchanged_period{.since = now - 1h, .until = now}, now));
}

// Calls itself unchanged for as long as the test wants, whatever is written to it.
class claiming_database final : public database {
public:
    claiming_database() { migrate_sqlite(file_, test::manual_clock()); }

    std::optional<unchanged_period> unchanged() const override { return claims; }

    std::optional<unchanged_period> claims;
    int reads = 0;

protected:
    task<std::optional<error>> run_write(transaction_body& body) override {
        EXPECT_TRUE(body(connection_));
        co_return std::nullopt;
    }
    task<std::optional<error>> run_read(transaction_body& body) override {
        ++reads;
        EXPECT_TRUE(body(connection_));
        co_return std::nullopt;
    }

private:
    test::scratch_folder folder_;
    std::filesystem::path file_ = folder_ / "userinfo.db";
    sqlite_connection connection_{file_, sqlite_connection::access::create};
};

class unchanged_stores_test : public testing::Test {
protected:
    template <class Work>
    void write(Work work) {
        EXPECT_TRUE(test::run(database_.write([work](connection& db) -> result<void> {
            work(db);
            return {};
        })));
    }

    void revoke(timestamp at) {
        write([at](connection& db) {
            db.execute("INSERT INTO revoked_session (sid, revoked_at) VALUES (?, ?)", {uuid::random(), at});
        });
    }

    void record_event() {
        write([](connection& db) {
            db.execute(
                "INSERT INTO audit_event (occurred_at, type, succeeded, reason, actor, session, address, user_agent, "
                "request_id) VALUES (1, 'log_in', 1, '', '', '', '', '', '')");
        });
    }

    // As a server at rest.
    void claim_unchanged() {
        const auto now = steady::now();
        database_.claims = unchanged_period{.since = now - 1h, .until = now};
    }

    bool has_news(std::uint64_t head = 0, std::int64_t after = 0) {
        return test::run(stores_.audit.has_news(head, after)).value();
    }
    revocation_view revoked_since(timestamp since) { return test::run(stores_.sessions.revoked_since(since)).value(); }
    std::size_t live_keys() { return test::run(stores_.keys.list_live()).value().size(); }

    test::manual_clock clock_;
    claiming_database database_;
    sql_stores stores_{database_, nullptr, clock_};
};

TEST_F(unchanged_stores_test, ask_each_time_if_nothing_is_known) {
    for (int i = 0; i < 2; ++i) {
        EXPECT_FALSE(has_news());
        EXPECT_EQ(live_keys(), 0u);
        revoked_since(clock_.now());
    }
    EXPECT_EQ(database_.reads, 6);
}

TEST_F(unchanged_stores_test, ask_once_while_nothing_changes) {
    claim_unchanged();
    for (int i = 0; i < 2; ++i) {
        EXPECT_FALSE(has_news());
        EXPECT_EQ(live_keys(), 0u);
        revoked_since(clock_.now());
    }
    EXPECT_EQ(database_.reads, 3);
}

TEST_F(unchanged_stores_test, find_what_came_when_the_period_has_ended) {
    claim_unchanged();
    EXPECT_FALSE(has_news());
    EXPECT_TRUE(revoked_since(clock_.now()).revoked.empty());
    record_event();
    revoke(clock_.now());
    EXPECT_FALSE(has_news());
    EXPECT_TRUE(revoked_since(clock_.now()).revoked.empty());
    database_.claims.reset();
    EXPECT_TRUE(has_news());
    EXPECT_EQ(revoked_since(clock_.now()).revoked.size(), 1u);
}

TEST_F(unchanged_stores_test, news_are_asked_for_with_each_new_question) {
    claim_unchanged();
    EXPECT_FALSE(has_news());
    EXPECT_TRUE(has_news(1));
    record_event();
    EXPECT_FALSE(has_news(0, 1));
    EXPECT_TRUE(has_news());
}

TEST_F(unchanged_stores_test, news_that_were_found_are_not_kept) {
    claim_unchanged();
    record_event();
    EXPECT_TRUE(has_news());
    EXPECT_TRUE(has_news());
    EXPECT_EQ(database_.reads, 2);
}

TEST_F(unchanged_stores_test, a_kept_view_of_the_revocations_is_no_newer_than_what_is_known_of_the_database) {
    claim_unchanged();
    const auto began = steady::now();
    EXPECT_GE(revoked_since(clock_.now()).as_of, began);
    claim_unchanged();
    EXPECT_EQ(revoked_since(clock_.now()).as_of, database_.claims->until);
}

TEST_F(unchanged_stores_test, a_kept_view_of_the_revocations_tells_those_since_then) {
    const auto first = clock_.now();
    revoke(first);
    revoke(first + 1s);
    claim_unchanged();
    EXPECT_EQ(revoked_since(first).revoked.size(), 2u);
    const auto later = revoked_since(first + 1s).revoked;
    ASSERT_EQ(later.size(), 1u);
    EXPECT_EQ(later[0].revoked_at, first + 1s);
    EXPECT_EQ(database_.reads, 1);
    EXPECT_EQ(revoked_since(first - 1s).revoked.size(), 2u);
    EXPECT_EQ(database_.reads, 2);
}

}  // namespace

}  // namespace userinfo::sql
