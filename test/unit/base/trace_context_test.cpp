#include "base/trace_context.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace userinfo {
namespace {

const std::string valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(trace_context, of_a_valid_header_is_what_it_says) {
    const auto found = trace_context::parse(valid);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->text(), valid);
    EXPECT_EQ(found->trace_id(), "0af7651916cd43dd8448eb211c80319c");
}

TEST(trace_context, of_a_later_version_is_what_is_known_of_it) {
    for (const auto& text : {"01" + valid.substr(2), "cc" + valid.substr(2) + "-what-comes-then"}) {
        const auto found = trace_context::parse(text);
        ASSERT_TRUE(found) << text;
        EXPECT_EQ(found->text(), valid);
    }
}

TEST(trace_context, is_not_made_of_anything_else) {
    for (const auto& text : {std::string(), valid.substr(1), valid + "-", valid + "0", "ff" + valid.substr(2),
                             "01" + valid.substr(2) + "0", "00" + valid.substr(2, 40),
                             std::string("00-00000000000000000000000000000000-b7ad6b7169203331-01"),
                             std::string("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"),
                             std::string("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"),
                             std::string("00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                             std::string("00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01")}) {
        EXPECT_FALSE(trace_context::parse(text)) << text;
    }
}

TEST(trace_context, begins_valid_and_never_the_same) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto begun = trace_context::begin();
        ASSERT_TRUE(trace_context::parse(begun.text())) << begun.text();
        seen.emplace(begun.trace_id());
    }
    EXPECT_EQ(seen.size(), 1000u);
}

TEST(trace_context, keeps_its_trace_and_flags_from_step_to_step) {
    const auto first = trace_context::parse(valid);
    const auto next = first->next_step();
    EXPECT_TRUE(trace_context::parse(next.text()));
    EXPECT_EQ(next.trace_id(), first->trace_id());
    EXPECT_TRUE(next.text().ends_with("-01"));
    EXPECT_NE(next.text(), first->text());
}

}  // namespace
}  // namespace userinfo
