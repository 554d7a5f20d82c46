#include "base/reserving_queue.h"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace userinfo {

namespace {

using items = std::vector<std::string>;

source_path alone(const std::string& name) { return {name, name, name}; }

// 24 of 32 places are for all, with a share of 3, and 8 are reserved, with a share of 1.
class reserving_queue_test : public testing::Test {
protected:
    // Both return what is left without a place, "" if nothing is.
    std::string push(const std::string& source, std::string item) {
        return queue_->push(alone(source), "", std::move(item)).value_or("");
    }
    std::string push_known(const std::string& source, const std::string& account, std::string item) {
        return queue_->push(alone(source), account, std::move(item)).value_or("");
    }

    void fill_what_is_for_all() {
        for (int i = 0; i < 24; ++i) ASSERT_EQ(push("stranger " + std::to_string(i), "strange"), "");
        ASSERT_EQ(push("one more", "refused"), "refused");
    }

    void fill_the_reserve() {
        for (int i = 0; i < 8; ++i) {
            ASSERT_EQ(push_known("net " + std::to_string(i), "account " + std::to_string(i), "reserved"), "");
        }
    }

    items pop_all() {
        items popped;
        while (!queue_->empty()) popped.push_back(queue_->pop());
        return popped;
    }

    std::optional<reserving_queue<std::string>> queue_{std::in_place, 32, 8, 8};
};

TEST_F(reserving_queue_test, has_places_for_the_known_when_strangers_have_taken_all_others) {
    fill_what_is_for_all();
    EXPECT_EQ(push_known("home", "anna", "known"), "");
    EXPECT_EQ(queue_->size(), 25u);
    EXPECT_EQ(queue_->pop(), "known");
}

TEST_F(reserving_queue_test, serves_in_turns_one_of_the_reserve_and_one_of_the_rest) {
    for (const auto* item : {"s1", "s2", "s3"}) EXPECT_EQ(push("s", item), "");
    EXPECT_EQ(push("t", "t1"), "");
    EXPECT_EQ(push_known("a", "anna", "anna"), "");
    EXPECT_EQ(push_known("b", "berta", "berta"), "");
    EXPECT_EQ(pop_all(), (items{"anna", "s1", "berta", "t1", "s2", "s3"}));
    EXPECT_EQ(push("s", "s4"), "");
    EXPECT_EQ(push_known("a", "anna", "anna"), "");
    EXPECT_EQ(pop_all(), (items{"anna", "s4"})) << "the rest was served last";
}

TEST_F(reserving_queue_test, the_known_wait_for_their_turn_if_one_of_them_was_served_last) {
    EXPECT_EQ(push_known("a", "anna", "anna"), "");
    EXPECT_EQ(queue_->pop(), "anna");
    EXPECT_EQ(push_known("b", "berta", "berta"), "");
    EXPECT_EQ(push("s", "s1"), "");
    EXPECT_EQ(push("s", "s2"), "");
    EXPECT_EQ(pop_all(), (items{"s1", "berta", "s2"}));
}

TEST_F(reserving_queue_test, one_account_has_one_reserved_place_at_a_time) {
    fill_what_is_for_all();
    EXPECT_EQ(push_known("home", "anna", "first"), "");
    EXPECT_EQ(push_known("work", "anna", "second"), "second");
    EXPECT_EQ(queue_->pop(), "first");
    EXPECT_EQ(push_known("work", "anna", "second"), "");
}

TEST_F(reserving_queue_test, who_finds_no_reserved_place_waits_among_the_rest) {
    EXPECT_EQ(push_known("home", "anna", "first"), "");
    EXPECT_EQ(push_known("home", "anna", "second"), "");
    EXPECT_EQ(push_known("home", "anna", "third"), "");
    EXPECT_EQ(pop_all(), (items{"first", "second", "third"}));
    fill_the_reserve();
    EXPECT_EQ(push_known("home", "anna", "among the rest"), "");
    EXPECT_EQ(push("s", "s1"), "");
    EXPECT_EQ(push_known("work", "anna", "too"), "");
    EXPECT_EQ(queue_->size(), 11u);
}

TEST_F(reserving_queue_test, a_network_with_many_accounts_gets_no_more_than_its_share_of_the_reserve) {
    fill_what_is_for_all();
    EXPECT_EQ(push_known("attacker", "a", "1"), "");
    EXPECT_EQ(push_known("attacker", "b", "2"), "2");
    EXPECT_EQ(push_known("home", "anna", "known"), "");
}

TEST_F(reserving_queue_test, a_newcomer_displaces_from_the_reserve_who_has_more_than_one_place) {
    queue_.emplace(8, 4, 1);
    for (const auto* stranger : {"s", "t", "u", "v"}) EXPECT_EQ(push(stranger, "strange"), "");
    for (const auto* account : {"a", "b", "c", "d"}) EXPECT_EQ(push_known("attacker", account, account), "");
    EXPECT_EQ(push_known("home", "anna", "known"), "d");
    EXPECT_EQ(push_known("work", "d", "d again"), "c") << "who was displaced holds nothing";
    EXPECT_EQ(pop_all(), (items{"a", "strange", "known", "strange", "d again", "strange", "b", "strange"}));
}

TEST_F(reserving_queue_test, who_is_displaced_from_the_reserve_waits_among_the_rest) {
    queue_.emplace(8, 4, 1);
    for (const auto* account : {"a", "b", "c", "d"}) EXPECT_EQ(push_known("office", account, account), "");
    EXPECT_EQ(push_known("home", "anna", "known"), "");
    EXPECT_EQ(pop_all(), (items{"a", "d", "known", "b", "c"}));
}

TEST_F(reserving_queue_test, keeps_nothing_for_the_known_if_it_is_told_so) {
    queue_.emplace(1, 0, 8);
    EXPECT_EQ(push_known("home", "anna", "first"), "");
    EXPECT_EQ(push_known("work", "anna", "second"), "second");
    EXPECT_EQ(queue_->pop(), "first");
    EXPECT_EQ(push_known("work", "anna", "second"), "");
    EXPECT_EQ(push("s", "s1"), "s1");
}

}  // namespace

}  // namespace userinfo
