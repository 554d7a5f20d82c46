// Who is let in, and who gives way.
#include "h2/admission.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/source.h"

namespace userinfo::h2 {
namespace {

using names = std::vector<std::string>;

class admission_test : public testing::Test {
protected:
    // Lets a newcomer in, under a name that is told if it must give way. Its source is the first word.
    bool come(const std::string& name, bool is_proven = false) {
        const auto word = name.substr(0, name.find(' '));
        const auto source =
            word == "unix" ? net::connection_source() : source_of(*ip_address::parse("192.0.2." + word.substr(1)));
        auto place = admission_->admit(source, is_proven, [this, name] { displaced_.push_back(name); });
        const bool is_in = place != nullptr;
        if (is_in) places_[name] = std::move(place);
        return is_in;
    }

    void leave(const std::string& name) { places_.erase(name); }

    int refused(const std::string& reason) const {
        const auto name = R"(userinfo_connections_refused_total{listener="test",reason=")" + reason + "\"} ";
        const auto text = metrics_.text();
        return std::stoi(text.substr(text.find(name) + name.size()));
    }

    metrics metrics_;
    net::refused_connections refused_{
        metrics_, "test", {net::refusal::full, net::refusal::displaced, net::refusal::unproven}};
    const std::shared_ptr<admission> admission_ = std::make_shared<admission>(
        server_limits{.connections = 3, .newcomers = 5, .newcomers_per_source = 3}, refused_);
    std::map<std::string, std::unique_ptr<admission::place>> places_;
    names displaced_;
};

TEST_F(admission_test, lets_the_oldest_of_a_source_give_way_that_has_its_share) {
    for (const auto* const name : {"a1 first", "a1 second", "a2 other", "a1 third"}) EXPECT_TRUE(come(name));
    EXPECT_EQ(displaced_, names());
    EXPECT_TRUE(come("a1 fourth"));
    EXPECT_EQ(displaced_, names{"a1 first"});
    EXPECT_TRUE(come("a1 fifth"));
    EXPECT_EQ(displaced_, (names{"a1 first", "a1 second"}));
    for (const auto* const name : {"a1 first", "a1 second"}) EXPECT_TRUE(places_[name]->must_go());
    EXPECT_FALSE(places_["a1 third"]->must_go());
    EXPECT_EQ(refused("displaced"), 2);
}

TEST_F(admission_test, lets_the_oldest_of_the_source_with_the_most_give_way_if_all_is_full) {
    for (const auto* const name : {"a1 only", "a2 first", "a2 second", "a2 third", "a3 only"}) EXPECT_TRUE(come(name));
    EXPECT_EQ(displaced_, names());
    EXPECT_TRUE(come("a4 only"));
    EXPECT_EQ(displaced_, names{"a2 first"});
    EXPECT_TRUE(come("a5 only"));
    EXPECT_EQ(displaced_, (names{"a2 first", "a2 second"}));
    EXPECT_TRUE(come("a6 only"));  // all have as many
    EXPECT_EQ(displaced_, (names{"a2 first", "a2 second", "a1 only"}));
}

TEST_F(admission_test, spares_who_speaks_while_others_are_silent) {
    for (const auto* const name : {"a1 first", "a1 second", "a1 third"}) EXPECT_TRUE(come(name));
    places_["a1 first"]->speak();
    EXPECT_TRUE(come("a1 fourth"));
    EXPECT_EQ(displaced_, names{"a1 second"});
    places_["a1 third"]->speak();
    places_["a1 fourth"]->speak();
    EXPECT_TRUE(come("a1 fifth"));
    EXPECT_EQ(displaced_, (names{"a1 second", "a1 first"}));
    EXPECT_TRUE(come("a1 sixth"));
    EXPECT_EQ(displaced_, (names{"a1 second", "a1 first", "a1 fifth"}));
}

TEST_F(admission_test, takes_no_place_of_newcomers_for_who_has_proven_itself) {
    for (int i = 0; i < 3; ++i) {
        const auto name = "a1 number " + std::to_string(i);
        EXPECT_TRUE(come(name));
        EXPECT_TRUE(places_[name]->prove());
    }
    EXPECT_EQ(displaced_, names());
    leave("a1 number 0");
    for (const auto* const name : {"a1 x", "a1 y", "a1 z"}) EXPECT_TRUE(come(name));
    EXPECT_EQ(displaced_, names());
    EXPECT_TRUE(come("a1 last"));
    EXPECT_EQ(displaced_, names{"a1 x"});
}

TEST_F(admission_test, lets_nobody_in_who_could_not_prove_itself) {
    for (const auto* const name : {"a1 early", "a2 early"}) EXPECT_TRUE(come(name));
    for (const auto* const name : {"unix 1", "unix 2", "unix 3"}) EXPECT_TRUE(come(name, true));
    EXPECT_FALSE(come("unix 4", true));
    EXPECT_FALSE(come("a3 late"));
    EXPECT_FALSE(places_["a1 early"]->prove());
    EXPECT_EQ(refused("full"), 3);
    leave("unix 1");
    EXPECT_FALSE(places_["a1 early"]->prove());
    EXPECT_TRUE(places_["a2 early"]->prove());
    EXPECT_TRUE(places_["unix 2"]->prove());
    EXPECT_FALSE(come("a3 late"));
    EXPECT_EQ(displaced_, names());
}

TEST_F(admission_test, asks_another_one_if_who_is_to_give_way_has_spoken_meanwhile) {
    for (const auto* const name : {"a1 1", "a1 2", "a1 3", "a1 4"}) EXPECT_TRUE(come(name));
    EXPECT_EQ(displaced_, names{"a1 1"});
    places_["a1 1"]->speak();
    EXPECT_EQ(displaced_, (names{"a1 1", "a1 2"}));
    EXPECT_FALSE(places_["a1 1"]->must_go());
    EXPECT_TRUE(places_["a1 2"]->must_go());
    places_["a1 2"]->speak();  // too late
    EXPECT_FALSE(places_["a1 2"]->must_go());
    EXPECT_EQ(refused("displaced"), 1);
    for (const auto* const name : {"a1 3", "a1 4"}) places_[name]->speak();
    EXPECT_TRUE(come("a1 5"));
    EXPECT_EQ(displaced_.back(), "a1 3");
    places_["a1 3"]->speak();  // that was known
    EXPECT_TRUE(places_["a1 3"]->must_go());
}

TEST_F(admission_test, takes_the_proof_of_who_is_to_give_way_but_not_of_who_has_given_way) {
    for (const auto* const name : {"a1 1", "a1 2", "a1 3", "a1 4", "a1 5"}) EXPECT_TRUE(come(name));
    EXPECT_EQ(displaced_, (names{"a1 1", "a1 2"}));
    EXPECT_TRUE(places_["a1 1"]->prove());
    EXPECT_FALSE(places_["a1 1"]->must_go());
    EXPECT_TRUE(places_["a1 2"]->must_go());
    EXPECT_FALSE(places_["a1 2"]->prove());
    places_["a1 2"]->expire();
    EXPECT_EQ(refused("unproven"), 0);
    EXPECT_EQ(refused("displaced"), 1);
    EXPECT_TRUE(come("a1 6"));
    EXPECT_EQ(displaced_.back(), "a1 3");
}

TEST_F(admission_test, forgets_who_did_not_prove_itself_in_time) {
    for (const auto* const name : {"a1 1", "a1 2", "a1 3"}) EXPECT_TRUE(come(name));
    places_["a1 1"]->expire();
    EXPECT_EQ(refused("unproven"), 1);
    EXPECT_FALSE(places_["a1 1"]->prove());
    EXPECT_TRUE(come("a1 4"));
    EXPECT_EQ(displaced_, names());
    EXPECT_TRUE(come("unix silent", true));
    places_["unix silent"]->expire();
    EXPECT_EQ(refused("unproven"), 2);
}

TEST_F(admission_test, keeps_no_more_open_than_it_may_though_the_displaced_are_slow_to_go) {
    for (int i = 0; i < 8; ++i) EXPECT_TRUE(come("a1 number " + std::to_string(i))) << i;
    EXPECT_EQ(displaced_.size(), 5U);
    EXPECT_FALSE(come("a2 only"));
    EXPECT_EQ(refused("full"), 1);
    leave(displaced_.front());
    EXPECT_TRUE(come("a2 only"));
    EXPECT_EQ(displaced_.size(), 5U);
}

}  // namespace
}  // namespace userinfo::h2
