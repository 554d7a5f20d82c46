#include "base/fair_queue.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace userinfo {

namespace {

using items = std::vector<std::string>;

// A source that is alone in its groups.
source_path alone(const std::string& name) { return {name, name, name}; }

class fair_queue_test : public testing::Test {
protected:
    // Returns what is left without a place, "" if nothing is.
    std::string push(const source_path& source, std::string item) { return queue_->push(source, item).value_or(""); }
    std::string push(const std::string& source, std::string item) { return push(alone(source), std::move(item)); }

    items pop_all() {
        items popped;
        while (!queue_->empty()) popped.push_back(queue_->pop());
        return popped;
    }

    std::optional<fair_queue<std::string>> queue_{std::in_place, 8, 3};
};

TEST_F(fair_queue_test, keeps_the_order_of_one_source) {
    for (const auto* item : {"1", "2", "3"}) EXPECT_EQ(push("a", item), "");
    EXPECT_EQ(pop_all(), (items{"1", "2", "3"}));
}

TEST_F(fair_queue_test, lets_sources_take_turns) {
    for (const auto* item : {"a1", "a2", "a3"}) EXPECT_EQ(push("a", item), "");
    EXPECT_EQ(push("b", "b1"), "");
    EXPECT_EQ(push("c", "c1"), "");
    EXPECT_EQ(push("b", "b2"), "");
    EXPECT_EQ(pop_all(), (items{"a1", "b1", "c1", "a2", "b2", "a3"}));
}

TEST_F(fair_queue_test, lets_groups_take_turns_at_each_level) {
    queue_.emplace(8, 8);
    EXPECT_EQ(push({"n", "s", "a"}, "nsa1"), "");
    EXPECT_EQ(push({"n", "s", "a"}, "nsa2"), "");
    EXPECT_EQ(push({"n", "s", "b"}, "nsb"), "");
    EXPECT_EQ(push({"n", "t", "c"}, "ntc1"), "");
    EXPECT_EQ(push({"n", "t", "c"}, "ntc2"), "");
    EXPECT_EQ(push({"o", "u", "d"}, "oud1"), "");
    EXPECT_EQ(push({"o", "u", "d"}, "oud2"), "");
    EXPECT_EQ(pop_all(), (items{"nsa1", "oud1", "ntc1", "oud2", "nsb", "ntc2", "nsa2"}));
}

TEST_F(fair_queue_test, tells_sources_of_the_same_name_in_two_groups_apart) {
    EXPECT_EQ(push({"n", "s", "a"}, "1"), "");
    EXPECT_EQ(push({"o", "s", "a"}, "2"), "");
    EXPECT_EQ(push({"n", "s", "a"}, "3"), "");
    EXPECT_EQ(pop_all(), (items{"1", "2", "3"}));
}

TEST_F(fair_queue_test, a_source_that_comes_again_waits_for_its_turn) {
    EXPECT_EQ(push("a", "a1"), "");
    EXPECT_EQ(push("b", "b1"), "");
    EXPECT_EQ(queue_->pop(), "a1");
    EXPECT_EQ(push("a", "a2"), "");
    EXPECT_EQ(pop_all(), (items{"b1", "a2"}));
}

TEST_F(fair_queue_test, gives_a_source_no_more_than_its_share) {
    for (const auto* item : {"1", "2", "3"}) EXPECT_EQ(push("a", item), "");
    EXPECT_EQ(push("a", "4"), "4");
    EXPECT_EQ(push("b", "1"), "");
    queue_->pop();
    EXPECT_EQ(push("a", "4"), "");
    EXPECT_EQ(queue_->size(), 4u);
}

TEST_F(fair_queue_test, gives_a_group_no_more_than_its_share_at_any_level) {
    for (const auto* source : {"a", "b", "c"}) EXPECT_EQ(push({"n", "s", source}, source), "");
    EXPECT_EQ(push({"n", "s", "d"}, "same /56"), "same /56");
    EXPECT_EQ(push({"n", "t", "d"}, "same /48"), "c") << "its /56 has less than the heaviest";
    EXPECT_EQ(push({"o", "t", "d"}, "another"), "");
    EXPECT_EQ(queue_->size(), 4u);
}

TEST_F(fair_queue_test, a_neighbour_displaces_the_newest_item_of_who_fills_their_share) {
    for (const auto* item : {"a1", "a2", "a3"}) EXPECT_EQ(push({"n", "s", "a"}, item), "");
    EXPECT_EQ(push({"n", "s", "b"}, "b1"), "a3");
    EXPECT_EQ(push({"n", "s", "c"}, "c1"), "a2");
    EXPECT_EQ(push({"n", "s", "d"}, "d1"), "d1") << "each of the others has as few";
    EXPECT_EQ(pop_all(), (items{"a1", "b1", "c1"}));
}

TEST_F(fair_queue_test, a_newcomer_displaces_the_newest_item_of_the_heaviest) {
    for (const auto* item : {"a1", "a2", "a3"}) EXPECT_EQ(push("a", item), "");
    for (const auto* item : {"b1", "b2"}) EXPECT_EQ(push("b", item), "");
    for (const auto* item : {"c1", "c2", "c3"}) EXPECT_EQ(push("c", item), "");
    EXPECT_EQ(push("d", "d1"), "c3") << "of two that have as many, the one whose turn comes later";
    EXPECT_EQ(push("e", "e1"), "a3");
    EXPECT_EQ(queue_->size(), 8u);
    EXPECT_EQ(pop_all(), (items{"a1", "b1", "c1", "d1", "e1", "a2", "b2", "c2"}));
}

TEST_F(fair_queue_test, the_heaviest_is_the_network_not_the_source) {
    for (const auto* source : {"a", "b", "c"}) EXPECT_EQ(push({"n", source, source}, source), "");
    for (const auto* name : {"o", "p"}) {
        for (const auto* item : {"1", "2"}) EXPECT_EQ(push(name, name + std::string(item)), "");
    }
    EXPECT_EQ(push("q", "q1"), "");
    EXPECT_EQ(push("r", "r1"), "c");
    EXPECT_EQ(pop_all(), (items{"a", "o1", "p1", "q1", "r1", "b", "o2", "p2"}));
}

TEST_F(fair_queue_test, a_source_displaces_nobody_to_have_as_many_as_they) {
    for (const auto* source : {"a", "b", "c", "d"}) {
        for (const auto* item : {"1", "2"}) EXPECT_EQ(push(source, source + std::string(item)), "");
    }
    EXPECT_EQ(push("a", "a3"), "a3");
    EXPECT_EQ(push("e", "e1"), "d2");
    EXPECT_EQ(push("e", "e2"), "e2");
    EXPECT_EQ(pop_all(), (items{"a1", "b1", "c1", "d1", "e1", "a2", "b2", "c2"}));
}

TEST_F(fair_queue_test, refuses_a_newcomer_where_all_have_one_item) {
    for (const auto* source : {"a", "b", "c", "d", "e", "f", "g", "h"}) EXPECT_EQ(push(source, source), "");
    EXPECT_EQ(push("i", "i"), "i");
    EXPECT_EQ(pop_all().size(), 8u);
    EXPECT_EQ(push("i", "i"), "");
}

TEST_F(fair_queue_test, in_a_full_queue_one_displaces_a_neighbour_who_has_more) {
    for (const auto* source : {"a", "b"}) {
        for (const auto* item : {"1", "2", "3"}) EXPECT_EQ(push({source, "s", "x"}, source + std::string(item)), "");
    }
    for (const auto* item : {"c1", "c2"}) EXPECT_EQ(push({"c", "s", "x"}, item), "");
    EXPECT_EQ(push({"c", "s", "y"}, "c3"), "c2") << "with it, c has as many as the others";
    EXPECT_EQ(queue_->size(), 8u);
    EXPECT_EQ(pop_all(), (items{"a1", "b1", "c1", "a2", "b2", "c3", "a3", "b3"}));
}

TEST_F(fair_queue_test, has_room_again_when_all_is_popped) {
    for (int round = 0; round < 3; ++round) {
        for (const auto* source : {"a", "b", "c", "d", "e", "f", "g", "h"}) EXPECT_EQ(push(source, source), "");
        EXPECT_EQ(pop_all(), (items{"a", "b", "c", "d", "e", "f", "g", "h"}));
        EXPECT_EQ(queue_->size(), 0u);
    }
}

TEST(fair_queue, holds_what_cannot_be_copied) {
    fair_queue<std::unique_ptr<int>> queue(1, 1);
    EXPECT_FALSE(queue.push(alone(""), std::make_unique<int>(7)));
    EXPECT_EQ(**queue.push(alone(""), std::make_unique<int>(8)), 8);
    EXPECT_EQ(*queue.pop(), 7);
}

TEST(fair_queue, without_places_takes_nothing) {
    fair_queue<int> queue(0, 1);
    EXPECT_EQ(queue.push(alone("a"), 7), 7);
    EXPECT_TRUE(queue.empty());
}

}  // namespace

}  // namespace userinfo
