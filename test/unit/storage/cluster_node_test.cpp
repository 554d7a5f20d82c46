#include "storage/redis/cluster_node.h"

#include <gtest/gtest.h>

namespace userinfo::redis {
namespace {

using namespace std::chrono_literals;

class cluster_node_test : public testing::Test {
protected:
    cluster_node node_{{.host = "10.0.0.1", .port = 6379}, 0};
    cluster_node::time_point now_{1h};
};

TEST_F(cluster_node_test, the_third_time_out_within_a_second_sets_it_aside) {
    EXPECT_FALSE(node_.timed_out(now_));
    EXPECT_FALSE(node_.timed_out(now_ + 500ms));
    EXPECT_FALSE(node_.is_aside());
    EXPECT_TRUE(node_.timed_out(now_ + 1s));
    EXPECT_TRUE(node_.is_aside());
    EXPECT_FALSE(node_.timed_out(now_ + 1s));
}

TEST_F(cluster_node_test, time_outs_far_apart_do_not) {
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(node_.timed_out(now_ += 501ms));
    EXPECT_FALSE(node_.is_aside());
}

TEST_F(cluster_node_test, who_cannot_be_reached_is_aside_at_once) {
    EXPECT_TRUE(node_.failed(now_));
    EXPECT_TRUE(node_.is_aside());
    EXPECT_FALSE(node_.failed(now_));
}

TEST_F(cluster_node_test, is_probed_until_it_answers_more_and_more_seldom) {
    EXPECT_FALSE(node_.wants_probe(now_));
    node_.failed(now_);
    for (const auto pause : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
        EXPECT_FALSE(node_.wants_probe(now_ + pause - 1ms));
        now_ += pause;
        EXPECT_TRUE(node_.wants_probe(now_));
        node_.probed(false, now_);
        EXPECT_TRUE(node_.is_aside());
    }
    node_.probed(true, now_);
    EXPECT_FALSE(node_.is_aside());
    EXPECT_FALSE(node_.wants_probe(now_ + 1h));
}

TEST_F(cluster_node_test, begins_anew_after_it_has_answered) {
    for (int i = 0; i < 3; ++i) node_.timed_out(now_);
    node_.probed(true, now_);
    EXPECT_FALSE(node_.timed_out(now_));
    EXPECT_FALSE(node_.timed_out(now_));
    EXPECT_TRUE(node_.timed_out(now_));
    EXPECT_TRUE(node_.wants_probe(now_ + 100ms));
}

}  // namespace
}  // namespace userinfo::redis
