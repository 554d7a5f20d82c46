#include "gateway/preconditions.h"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/failure_of.h"
#include "unit/http/messages.h"

namespace userinfo::gateway {
namespace {

using http::test::request_with;
using userinfo::test::failure_of;
using versions = std::vector<std::uint64_t>;

TEST(etag, is_the_version_in_quotes) {
    EXPECT_EQ(to_etag(1), "\"1\"");
    EXPECT_EQ(to_etag(18'446'744'073'709'551'615U), "\"18446744073709551615\"");
}

write_condition condition_of(http::test::header_list headers) {
    return to_write_condition(read_preconditions(request_with(std::move(headers))).value());
}

TEST(write_condition, of_if_match_names_the_versions_that_are_meant) {
    struct {
        const char* header;
        versions allowed;
    } const cases[]{
        {"\"3\"", {3}},
        {"\"3\", \"4\"", {3, 4}},
        {"\"18446744073709551615\"", {18'446'744'073'709'551'615U}},
        {"*", {}},
    };
    for (const auto& [header, allowed] : cases) {
        const auto condition = condition_of({{"if-match", header}});
        EXPECT_EQ(condition.if_versions, allowed) << header;
        EXPECT_EQ(condition.unless_versions, versions()) << header;
    }
    EXPECT_EQ(condition_of({}).if_versions, versions());
}

TEST(write_condition, takes_a_tag_that_is_not_ours_for_a_version_that_never_is) {
    for (const auto* tag : {"\"\"", "\"abc\"", "\"03\"", "\"+3\"", "\"-3\"", "\"3 \"", "\"3x\"", "\"0x3\"", "W/\"3\"",
                            "W/\"\"", "\"18446744073709551616\"", "\"99999999999999999999999999\"", ""}) {
        EXPECT_EQ(condition_of({{"If-Match", tag}}).if_versions, versions{0}) << tag;
    }
    EXPECT_EQ(condition_of({{"If-Match", "W/\"3\", \"4\""}}).if_versions, (versions{0, 4}));
}

TEST(write_condition, of_if_none_match_rules_versions_out) {
    const auto condition = condition_of({{"if-none-match", "\"3\", W/\"4\", \"abc\", \"0\", \"03\""}});
    EXPECT_EQ(condition.if_versions, versions());
    EXPECT_EQ(condition.unless_versions, (versions{3, 4}));
    for (const auto* nothing : {"", "\"abc\", W/\"x\""}) {
        EXPECT_EQ(condition_of({{"If-None-Match", nothing}}).if_versions, versions()) << nothing;
        EXPECT_EQ(condition_of({{"If-None-Match", nothing}}).unless_versions, versions()) << nothing;
    }
}

TEST(write_condition, of_an_asterisk_in_if_none_match_is_met_by_no_profile) {
    EXPECT_EQ(condition_of({{"If-None-Match", "*"}}).if_versions, versions{0});
    EXPECT_EQ(condition_of({{"If-None-Match", "*"}, {"If-Match", "\"3\""}}).if_versions, versions{0});
}

TEST(write_condition, of_both_fields_is_one_list) {
    const auto both = [](const char* matching, const char* others) {
        const auto condition = condition_of({{"If-Match", matching}, {"If-None-Match", others}});
        EXPECT_EQ(condition.unless_versions, versions()) << matching << ' ' << others;
        return condition.if_versions;
    };
    EXPECT_EQ(both("\"3\", \"4\", \"5\"", "\"4\", \"6\""), (versions{3, 5}));
    EXPECT_EQ(both("\"3\"", "W/\"3\""), versions{0});
    const auto any = condition_of({{"If-Match", "*"}, {"If-None-Match", "\"3\""}});
    EXPECT_EQ(any.if_versions, versions());
    EXPECT_EQ(any.unless_versions, versions{3});
}

TEST(preconditions, are_refused_if_one_of_them_is_no_list_of_tags) {
    for (const auto* name : {"If-Match", "If-None-Match"}) {
        EXPECT_EQ(failure_of(read_preconditions(request_with({{name, "3"}}))), errc::invalid_argument) << name;
        EXPECT_TRUE(has_preconditions(request_with({{"X", "\"3\""}, {name, ""}}))) << name;
    }
    EXPECT_FALSE(has_preconditions(request_with({{"If-Matches", "*"}})));
}

TEST(preconditions, are_judged_in_the_order_of_the_standard) {
    const auto judge_it = [](http::test::header_list headers, const char* etag = "\"3\"") {
        return judge(read_preconditions(request_with(std::move(headers))).value(), etag);
    };
    EXPECT_EQ(judge_it({}), verdict::met);
    EXPECT_EQ(judge_it({{"If-Match", "\"3\""}}), verdict::met);
    EXPECT_EQ(judge_it({{"If-Match", "*"}}), verdict::met);
    EXPECT_EQ(judge_it({{"If-Match", "W/\"3\""}}), verdict::other_version);
    EXPECT_EQ(judge_it({{"If-None-Match", "W/\"3\""}}), verdict::same_version);
    EXPECT_EQ(judge_it({{"If-None-Match", "*"}}), verdict::same_version);
    EXPECT_EQ(judge_it({{"If-None-Match", "\"4\""}}), verdict::met);
    EXPECT_EQ(judge_it({{"If-None-Match", "\"3\""}, {"If-Match", "\"4\""}}), verdict::other_version);
    EXPECT_EQ(judge_it({{"If-None-Match", "\"3\""}, {"If-Match", "\"3\""}}), verdict::same_version);
    EXPECT_EQ(judge_it({{"If-Match", "\"\""}}, ""), verdict::other_version);
    EXPECT_EQ(judge_it({{"If-None-Match", "\"\""}}, ""), verdict::met);
}

TEST(seen_version, is_read_as_it_is_written) {
    const seen_version seen{.account = uuid::random(), .version = 7};
    const auto read = parse_seen_version(to_seen_version(seen));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->account, seen.account);
    EXPECT_EQ(read->version, 7U);
}

TEST(seen_version, is_none_if_it_is_broken) {
    const auto id = uuid::random().to_string();
    for (const auto& text :
         {std::string(), id, id + ".", "." + std::string("1"), id + ".-1", id + ".1 ", id + ".1.2", id + ".x",
          id + ".18446744073709551616", "x" + id + ".1", id.substr(1) + ".1", "\"" + id + ".1\""}) {
        EXPECT_FALSE(parse_seen_version(text)) << text;
    }
}

}  // namespace
}  // namespace userinfo::gateway
