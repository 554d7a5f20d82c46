#include "profile/unsure_writes.h"

#include <gtest/gtest.h>

#include "support/manual_clock.h"

namespace userinfo {
namespace {

using namespace std::chrono_literals;

class unsure_writes_test : public testing::Test {
protected:
    test::manual_clock clock_;
    unsure_writes writes_{clock_, 3};
    const uuid anna_ = uuid::random(), berta_ = uuid::random();
};

TEST_F(unsure_writes_test, nobodys_entries_are_doubted_at_first) {
    EXPECT_FALSE(writes_.may_be_old(anna_, 0));
    EXPECT_TRUE(writes_.pending().empty());
}

TEST_F(unsure_writes_test, older_versions_of_what_was_written_are_doubted) {
    writes_.add(anna_, 5);
    EXPECT_TRUE(writes_.may_be_old(anna_, 4));
    EXPECT_FALSE(writes_.may_be_old(anna_, 5));
    EXPECT_FALSE(writes_.may_be_old(anna_, 6));
    EXPECT_FALSE(writes_.may_be_old(berta_, 4));
}

TEST_F(unsure_writes_test, until_the_cache_has_the_version_or_a_later_one) {
    writes_.add(anna_, 5);
    writes_.settle(berta_, 9);
    writes_.settle(anna_, 4);
    EXPECT_TRUE(writes_.may_be_old(anna_, 4));
    writes_.settle(anna_, 5);
    EXPECT_FALSE(writes_.may_be_old(anna_, 4));
    EXPECT_TRUE(writes_.pending().empty());
}

TEST_F(unsure_writes_test, or_until_what_the_cache_held_has_expired) {
    writes_.add(anna_, 5);
    clock_.advance(90s - 1us);
    EXPECT_TRUE(writes_.may_be_old(anna_, 4));
    EXPECT_EQ(writes_.pending().size(), 1u);
    clock_.advance(1us);
    EXPECT_FALSE(writes_.may_be_old(anna_, 4));
    EXPECT_TRUE(writes_.pending().empty());
}

TEST_F(unsure_writes_test, the_latest_of_several_writes_counts_in_whatever_order_they_come) {
    writes_.add(anna_, 6);
    writes_.add(anna_, 5);
    EXPECT_TRUE(writes_.may_be_old(anna_, 5));
    EXPECT_EQ(writes_.pending(), std::vector{anna_});
}

TEST_F(unsure_writes_test, when_there_are_too_many_nobodys_entries_are_believed) {
    for (int i = 0; i < 3; ++i) writes_.add(uuid::random(), 5);
    EXPECT_FALSE(writes_.may_be_old(anna_, 4));
    writes_.add(anna_, 5);
    EXPECT_EQ(writes_.pending().size(), 3u);
    for (const auto& account : {anna_, berta_}) EXPECT_TRUE(writes_.may_be_old(account, 99));
    clock_.advance(90s);
    for (const auto& account : {anna_, berta_}) EXPECT_FALSE(writes_.may_be_old(account, 4));
}

TEST_F(unsure_writes_test, those_that_are_over_make_room) {
    for (int i = 0; i < 3; ++i) writes_.add(uuid::random(), 5);
    clock_.advance(90s);
    writes_.add(anna_, 5);
    EXPECT_TRUE(writes_.may_be_old(anna_, 4));
    EXPECT_FALSE(writes_.may_be_old(berta_, 4));
}

}  // namespace
}  // namespace userinfo
