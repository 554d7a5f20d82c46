#include "audit/settled_ids.h"

#include <gtest/gtest.h>

namespace userinfo {

namespace {

using namespace std::chrono_literals;

class settled_ids_test : public testing::Test {
protected:
    settled_ids ids_;
    settled_ids::time_point now_ = settled_ids::time_point(100s);
};

TEST_F(settled_ids_test, nothing_is_settled_before_anything_was_seen) { EXPECT_EQ(ids_.up_to(now_), 0); }

TEST_F(settled_ids_test, an_id_is_settled_when_no_transaction_that_took_a_lower_one_can_be_running) {
    ids_.note(7, now_);
    EXPECT_EQ(ids_.up_to(now_ + 10s - 1ns), 0);
    EXPECT_EQ(ids_.up_to(now_ + 10s), 7);
}

TEST_F(settled_ids_test, each_id_waits_for_itself) {
    ids_.note(7, now_);
    ids_.note(8, now_ + 4s);
    ids_.note(9, now_ + 5s);
    EXPECT_EQ(ids_.up_to(now_ + 13s), 7);
    EXPECT_EQ(ids_.up_to(now_ + 14s), 8);
    EXPECT_EQ(ids_.up_to(now_ + 1h), 9);
}

TEST_F(settled_ids_test, seeing_an_id_again_does_not_put_it_off) {
    ids_.note(7, now_);
    ids_.note(7, now_ + 9s);
    EXPECT_EQ(ids_.up_to(now_ + 10s), 7);
    ids_.note(7, now_ + 11s);
    ids_.note(3, now_ + 12s);
    EXPECT_EQ(ids_.up_to(now_ + 1h), 7);
}

}  // namespace

}  // namespace userinfo
