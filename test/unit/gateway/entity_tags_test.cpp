#include "gateway/entity_tags.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "support/failure_of.h"
#include "unit/http/messages.h"

namespace userinfo::gateway {
namespace {

using http::test::header_list;
using http::test::request_with;
using userinfo::test::failure_of;
using list = std::vector<std::string_view>;

result<std::optional<entity_tags>> read(header_list lines) {
    return read_entity_tags(request_with(std::move(lines)), "If-Match");
}

TEST(entity_tags, are_read_as_they_were_sent) {
    struct {
        std::string_view line;
        list tags;
    } const cases[]{
        {R"("3")", {R"("3")"}},
        {" \"3\"\t", {R"("3")"}},
        {R"("3", "4")", {R"("3")", R"("4")"}},
        {R"("3","4")", {R"("3")", R"("4")"}},
        {"\"3\" \t,\t \"4\"", {R"("3")", R"("4")"}},
        {R"(W/"3", "")", {R"(W/"3")", R"("")"}},
        {R"("a,b", "*", "\", "W/")", {R"("a,b")", R"("*")", R"("\")", R"("W/")"}},
    };
    for (const auto& [line, tags] : cases) {
        const auto found = read({{"if-match", line}});
        ASSERT_TRUE(found && *found) << line;
        EXPECT_EQ((*found)->tags, tags) << line;
        EXPECT_FALSE((*found)->any) << line;
    }
}

TEST(entity_tags, may_have_empty_elements_between_them) {
    for (const auto* line : {R"("3",)", R"(,"3")", R"(,, "3" ,	, ,)"}) {
        const auto found = read({{"If-Match", line}});
        ASSERT_TRUE(found && *found) << line;
        EXPECT_EQ((*found)->tags, list{R"("3")"}) << line;
    }
}

TEST(entity_tags, may_be_none) {
    for (const auto* line : {"", " ", ",", " , ,"}) {
        const auto found = read({{"If-Match", line}});
        ASSERT_TRUE(found && *found) << line;
        EXPECT_EQ((*found)->tags, list());
        EXPECT_FALSE((*found)->any);
    }
    EXPECT_EQ(read({{"If-None-Match", "\"3\""}})->has_value(), false);
}

TEST(entity_tags, of_several_lines_are_one_list) {
    const auto found = read({{"If-Match", "\"1\", \"2\","}, {"X", "\"0\""}, {"If-Match", ""}, {"IF-MATCH", "\"3\""}});
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->tags, (list{R"("1")", R"("2")", R"("3")"}));
}

TEST(entity_tags, are_any_if_the_field_is_an_asterisk) {
    for (const auto* line : {"*", " * "}) {
        const auto found = read({{"If-Match", line}});
        ASSERT_TRUE(found && *found) << line;
        EXPECT_TRUE((*found)->any) << line;
    }
}

TEST(entity_tags, are_refused_if_the_field_is_no_list_of_them) {
    for (const auto* line : {"3", "\"3", "3\"", "\"", "'3'", "\"3\" \"4\"", "\"3\"; \"4\"", "w/\"3\"", "W/3",
                             "W/ \"3\"", "**", "*,", ",*", "*, \"3\"", "\"3\", *", "\"3\"4\"", "\"3\",4", "W/"}) {
        EXPECT_EQ(failure_of(read({{"If-Match", line}})), errc::invalid_argument) << line;
    }
    EXPECT_EQ(failure_of(read({{"If-Match", "*"}, {"If-Match", "*"}})), errc::invalid_argument);
    EXPECT_EQ(failure_of(read({{"If-Match", "*"}, {"If-Match", "\"3\""}})), errc::invalid_argument);
    EXPECT_EQ(failure_of(read({{"If-Match", "\"3\""}, {"If-Match", "*"}})), errc::invalid_argument);
}

TEST(entity_tags, are_sixteen_at_most) {
    std::string line = "\"1\"";
    for (int i = 2; i <= 16; ++i) line += ", \"" + std::to_string(i) + '"';
    EXPECT_EQ((*read({{"If-Match", line}}))->tags.size(), 16U);
    EXPECT_EQ(failure_of(read({{"If-Match", line + ", \"17\""}})), errc::invalid_argument);
    EXPECT_EQ(failure_of(read({{"If-Match", line}, {"If-Match", "\"17\""}})), errc::invalid_argument);
}

TEST(entity_tags, match_by_the_strong_or_by_the_weak_comparison) {
    const entity_tags tags{.tags = {R"("1")", R"(W/"2")"}};
    EXPECT_TRUE(tags.match_strongly(R"("1")"));
    EXPECT_FALSE(tags.match_strongly(R"("2")"));
    EXPECT_TRUE(tags.match_weakly(R"("1")"));
    EXPECT_TRUE(tags.match_weakly(R"("2")"));
    EXPECT_FALSE(tags.match_weakly(R"("3")"));
}

TEST(entity_tags, match_what_has_no_tag_only_if_they_are_any) {
    const entity_tags some{.tags = {R"("")", R"(W/"")"}};
    EXPECT_FALSE(some.match_strongly(""));
    EXPECT_FALSE(some.match_weakly(""));
    const entity_tags any{.any = true};
    EXPECT_TRUE(any.match_strongly(""));
    EXPECT_TRUE(any.match_weakly(""));
}

}  // namespace
}  // namespace userinfo::gateway
