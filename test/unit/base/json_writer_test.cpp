#include "base/json_writer.h"

#include <limits>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace userinfo {
namespace {

using namespace std::string_literals;

std::string text_of(std::string_view value) {
    std::string out;
    json_writer(out).value(value);
    return out;
}

TEST(json_writer, writes_nested_objects_and_arrays_with_their_commas) {
    std::string out;
    json_writer json(out);
    json.begin_object().member("a", 1).name("b").begin_array().value("x").begin_object().end_object().begin_array();
    json.end_array().value(true).end_array().name("c").begin_object().member("d", "e").end_object().member("f", false);
    json.name("g").null().end_object();
    EXPECT_EQ(out, R"({"a":1,"b":["x",{},[],true],"c":{"d":"e"},"f":false,"g":null})");
}

TEST(json_writer, appends_to_what_is_there) {
    std::string out = "before ";
    json_writer(out).begin_array().raw(R"({"raw":1})").raw("2").end_array();
    EXPECT_EQ(out, R"(before [{"raw":1},2])");
}

TEST(json_writer, escapes_what_json_and_terminals_do_not_take) {
    EXPECT_EQ(text_of("a\"b\\c"), R"("a\"b\\c")");
    EXPECT_EQ(text_of("\n\r\t"), R"("\n\r\t")");
    EXPECT_EQ(text_of("\0\x01\x1f"s), R"("\u0000\u0001\u001f")");
    EXPECT_EQ(text_of("\x1b[2J\x7f"), R"("\u001b[2J\u007f")");
    EXPECT_EQ(text_of("/<>&'"), R"("/<>&'")");
}

TEST(json_writer, keeps_well_formed_text) {
    EXPECT_EQ(text_of("\u00e9\u20ac\U0001f600"), "\"\u00e9\u20ac\U0001f600\"");
}

TEST(json_writer, replaces_bytes_that_are_not_utf8) {
    EXPECT_EQ(text_of("a\xff\"b"), "\"a\ufffd\\\"b\"");
    EXPECT_EQ(text_of("\xc0\x80"), "\"\ufffd\ufffd\"");
    EXPECT_EQ(text_of("\xed\xa0\x80"), "\"\ufffd\ufffd\ufffd\"");
}

TEST(json_writer, any_byte_anywhere_gives_json) {
    for (int first = 0; first < 256; ++first) {
        for (const int second : {0, 10, 34, 92, 128, 191, 194, 255}) {
            const std::string bytes{static_cast<char>(first), static_cast<char>(second), 'z'};
            boost::system::error_code failed;
            const auto parsed = boost::json::parse(text_of(bytes), failed);
            ASSERT_FALSE(failed) << first << ' ' << second;
            EXPECT_TRUE(parsed.as_string().ends_with("z"));
            if (first < 128 && second < 128) EXPECT_EQ(std::string(parsed.as_string()), bytes);
        }
    }
}

TEST(json_writer, writes_numbers_of_all_sizes) {
    std::string out;
    json_writer(out)
        .begin_array()
        .value(0)
        .value(-1)
        .value(std::numeric_limits<std::int64_t>::min())
        .value(std::numeric_limits<std::int64_t>::max())
        .value(std::numeric_limits<std::uint64_t>::max())
        .value(std::uint16_t{8080})
        .end_array();
    EXPECT_EQ(out, "[0,-1,-9223372036854775808,9223372036854775807,18446744073709551615,8080]");
}

}  // namespace
}  // namespace userinfo
