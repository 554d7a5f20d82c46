#include "audit/audit_chain.h"

#include <gtest/gtest.h>

namespace userinfo {
namespace {

stored_audit_event event_with(std::int64_t id) {
    return {.id = id,
            .at = timestamp(std::chrono::microseconds(1'000'000 * id)),
            .type = "log_in",
            .succeeded = true,
            .reason = "",
            .actor = "actor",
            .subject = std::string(16, 's'),
            .session = "session",
            .address = "192.0.2.1",
            .user_agent = "a browser",
            .request_id = "request",
            .details = ""};
}

class audit_chain_test : public testing::Test {
protected:
    audit_chain_test() {
        key_.set(internal_key::secret{1, 2, 3});
        for (std::int64_t id = 1; id <= 3; ++id) events_.push_back(event_with(id));
        const auto links = chain_.extend(std::nullopt, events_);
        for (std::size_t i = 0; i < links.size(); ++i) linked_.push_back({.link = links[i], .event = events_[i]});
    }

    // The first thing that is wrong, or nothing.
    std::optional<std::string> walk() const {
        audit_chain_walk walk(chain_);
        for (const auto& each : linked_) {
            if (auto wrong = walk.step(each, linked_.front().link.place)) return wrong;
        }
        return std::nullopt;
    }

    void anchor_at(std::size_t index) {
        auto& link = linked_[index].link;
        linked_[index].event.reset();
        link.event_id.reset();
        link.salt.reset();
        link.personal.clear();
        link.anchor = chain_.anchor_for(link);
        linked_.erase(linked_.begin(), linked_.begin() + static_cast<std::ptrdiff_t>(index));
    }

    internal_key key_;
    const audit_chain chain_{key_};
    std::vector<stored_audit_event> events_;
    std::vector<linked_event> linked_;
};

TEST_F(audit_chain_test, is_right_as_it_was_made) {
    EXPECT_EQ(walk(), std::nullopt);
    EXPECT_EQ(linked_[2].link.place, 3u);
    EXPECT_EQ(linked_[2].link.event_id, 3);
}

TEST_F(audit_chain_test, goes_on_behind_a_head) {
    const std::vector more{event_with(9)};
    linked_.push_back({.link = chain_.extend(linked_.back().link, more)[0], .event = more[0]});
    EXPECT_EQ(linked_.back().link.place, 4u);
    EXPECT_EQ(walk(), std::nullopt);
}

TEST_F(audit_chain_test, each_column_of_an_event_counts) {
    using change = void (*)(stored_audit_event&);
    const std::vector<change> changes{
        [](auto& e) { e.id = 7; },
        [](auto& e) { e.at += std::chrono::microseconds(1); },
        [](auto& e) { e.type = "log_out"; },
        [](auto& e) { e.succeeded = false; },
        [](auto& e) { e.reason = "reason"; },
        [](auto& e) { e.actor = ""; },
        [](auto& e) { e.subject = std::string(16, 't'); },
        [](auto& e) { e.subject.reset(); },
        [](auto& e) { e.subject = ""; },
        [](auto& e) { e.session = "another"; },
        [](auto& e) { e.address = "192.0.2.2"; },
        [](auto& e) { e.address = ""; },
        [](auto& e) { e.user_agent = "another"; },
        [](auto& e) { e.request_id = "another"; },
        [](auto& e) { e.details = "{}"; },
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        linked_[1].event = events_[1];
        changes[i](*linked_[1].event);
        const auto wrong = walk();
        ASSERT_TRUE(wrong) << i;
        EXPECT_TRUE(wrong->starts_with("place 2: ")) << *wrong;
    }
}

TEST_F(audit_chain_test, what_moves_from_one_column_into_the_next_counts) {
    linked_[1].event->actor = "";
    linked_[1].event->reason = "actor";
    EXPECT_TRUE(walk());
    linked_[1].event = events_[1];
    linked_[1].event->address = "192.0.2.1a";
    linked_[1].event->user_agent = " browser";
    EXPECT_TRUE(walk());
}

TEST_F(audit_chain_test, one_event_has_another_salt_and_mac_each_time) {
    const auto again = chain_.extend(std::nullopt, events_);
    EXPECT_NE(again[0].salt, linked_[0].link.salt);
    EXPECT_NE(again[0].personal, linked_[0].link.personal);
    EXPECT_NE(again[0].mac, linked_[0].link.mac);
}

TEST_F(audit_chain_test, another_key_makes_another_chain) {
    internal_key other;
    other.set(internal_key::secret{3, 2, 1});
    const audit_chain chain(other);
    audit_chain_walk walk(chain);
    EXPECT_TRUE(walk.step(linked_[0], 1));
}

TEST_F(audit_chain_test, stays_right_when_addresses_are_dropped_with_their_salt) {
    linked_[1].link.salt.reset();
    linked_[1].event->address.clear();
    linked_[1].event->user_agent.clear();
    EXPECT_EQ(walk(), std::nullopt);
    linked_[1].event->address = "192.0.2.7";
    EXPECT_TRUE(walk());
}

TEST_F(audit_chain_test, notices_a_missing_place_a_missing_event_and_swapped_ones) {
    const auto whole = linked_;
    linked_.erase(linked_.begin() + 1);
    EXPECT_TRUE(walk()->starts_with("place 3: ")) << *walk();
    linked_ = whole;
    linked_[1].event.reset();
    EXPECT_TRUE(walk()->starts_with("place 2: ")) << *walk();
    linked_ = whole;
    std::swap(linked_[0].event, linked_[1].event);
    std::swap(linked_[0].link.event_id, linked_[1].link.event_id);
    EXPECT_TRUE(walk()->starts_with("place 1: ")) << *walk();
    linked_ = whole;
    linked_.erase(linked_.begin());
    EXPECT_TRUE(walk()->starts_with("place 2: ")) << *walk();
}

TEST_F(audit_chain_test, begins_at_an_anchor_that_the_program_made) {
    anchor_at(1);
    EXPECT_EQ(walk(), std::nullopt);
}

TEST_F(audit_chain_test, an_anchor_is_good_for_its_own_place_and_mac) {
    anchor_at(1);
    const auto whole = linked_;
    linked_[0].link.anchor = std::string(32, 'a');
    EXPECT_TRUE(walk());
    linked_ = whole;
    linked_[0].link.anchor.reset();
    EXPECT_TRUE(walk());
    linked_ = whole;
    linked_[0].link.mac[0] ^= 1;
    EXPECT_TRUE(walk());
    linked_ = whole;
    linked_[0].link.place = 1;
    linked_.erase(linked_.begin() + 1);
    EXPECT_TRUE(walk());
}

TEST_F(audit_chain_test, an_anchor_stands_nowhere_but_at_the_beginning) {
    auto& link = linked_[1].link;
    linked_[1].event.reset();
    link.event_id.reset();
    link.anchor = chain_.anchor_for(link);
    EXPECT_TRUE(walk()->starts_with("place 2: ")) << *walk();
}

}  // namespace
}  // namespace userinfo
