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

TEST(if_match, names_versions) {
    struct {
        const char* header;
        versions allowed;
    } const cases[]{
        {"\"3\"", {3}},
        {" \"3\" ", {3}},
        {"\"3\", \"4\"", {3, 4}},
        {"\"3\",\"4\"", {3, 4}},
        {"\"18446744073709551615\"", {18'446'744'073'709'551'615U}},
        {"*", {}},
        {" * ", {}},
    };
    for (const auto& [header, allowed] : cases) {
        const auto read = read_if_match(request_with({{"if-match", header}}));
        ASSERT_TRUE(read) << header;
        EXPECT_EQ(*read, allowed) << header;
    }
    EXPECT_EQ(read_if_match(request_with({})), versions());
}

TEST(if_match, takes_a_tag_that_is_not_ours_for_a_version_that_never_is) {
    for (const auto* tag : {"\"\"", "\"abc\"", "\"03\"", "\"+3\"", "\"-3\"", "\"3 \"", "\"3x\"", "\"0x3\"", "W/\"3\"",
                            "W/\"\"", "\"18446744073709551616\"", "\"99999999999999999999999999\""}) {
        EXPECT_EQ(read_if_match(request_with({{"If-Match", tag}})), versions{0}) << tag;
    }
    EXPECT_EQ(read_if_match(request_with({{"If-Match", "W/\"3\", \"4\""}})), (versions{0, 4}));
    EXPECT_EQ(read_if_match(request_with({{"If-Match", ""}})), versions{0});
}

TEST(if_match, is_refused_if_it_is_no_list_of_tags) {
    EXPECT_EQ(failure_of(read_if_match(request_with({{"If-Match", "3"}}))), errc::invalid_argument);
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
