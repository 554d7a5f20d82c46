#include "base/fair_queue.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace userinfo {

namespace {

class fair_queue_test : public testing::Test {
protected:
    bool push(const std::string& source, std::string item) { return queue_.push(source, item); }

    std::vector<std::string> pop_all() {
        std::vector<std::string> items;
        while (!queue_.empty()) items.push_back(queue_.pop());
        return items;
    }

    fair_queue<std::string> queue_{8, 3};
};

TEST_F(fair_queue_test, keeps_the_order_of_one_source) {
    for (const auto* item : {"1", "2", "3"}) EXPECT_TRUE(push("a", item));
    EXPECT_EQ(pop_all(), (std::vector<std::string>{"1", "2", "3"}));
}

TEST_F(fair_queue_test, lets_sources_take_turns) {
    for (const auto* item : {"a1", "a2", "a3"}) EXPECT_TRUE(push("a", item));
    EXPECT_TRUE(push("b", "b1"));
    EXPECT_TRUE(push("c", "c1"));
    EXPECT_TRUE(push("b", "b2"));
    EXPECT_EQ(pop_all(), (std::vector<std::string>{"a1", "b1", "c1", "a2", "b2", "a3"}));
}

TEST_F(fair_queue_test, a_source_that_comes_again_waits_for_its_turn) {
    EXPECT_TRUE(push("a", "a1"));
    EXPECT_TRUE(push("b", "b1"));
    EXPECT_EQ(queue_.pop(), "a1");
    EXPECT_TRUE(push("a", "a2"));
    EXPECT_EQ(pop_all(), (std::vector<std::string>{"b1", "a2"}));
}

TEST_F(fair_queue_test, gives_a_source_no_more_than_its_share) {
    for (const auto* item : {"1", "2", "3"}) EXPECT_TRUE(push("a", item));
    EXPECT_FALSE(push("a", "4"));
    EXPECT_TRUE(push("b", "1"));
    queue_.pop();
    EXPECT_TRUE(push("a", "4"));
    EXPECT_EQ(queue_.size(), 4u);
}

TEST_F(fair_queue_test, takes_no_more_than_its_limit_and_leaves_what_it_refuses) {
    for (const auto* source : {"a", "b", "c", "d", "e", "f", "g", "h"}) EXPECT_TRUE(push(source, "1"));
    std::string refused = "still there";
    EXPECT_FALSE(queue_.push("i", refused));
    EXPECT_EQ(refused, "still there");
    EXPECT_EQ(pop_all().size(), 8u);
    EXPECT_TRUE(push("i", "1"));
}

TEST(fair_queue, holds_what_cannot_be_copied) {
    fair_queue<std::unique_ptr<int>> queue(1, 1);
    auto item = std::make_unique<int>(7);
    EXPECT_TRUE(queue.push("", item));
    EXPECT_EQ(*queue.pop(), 7);
}

}  // namespace

}  // namespace userinfo
