#include "base/json_object.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace userinfo {
namespace {

struct member {
    std::string name;
    value_kind kind;
    std::string text;

    friend bool operator==(const member&, const member&) = default;
};

std::vector<member> members_of(std::string_view json) {
    std::vector<member> members;
    read_json_object(json, [&](std::string_view name, value_kind kind, std::string_view text) {
        members.push_back({.name = std::string(name), .kind = kind, .text = std::string(text)});
    });
    return members;
}

json_outcome outcome_of(std::string_view json) {
    return read_json_object(json, [](std::string_view, value_kind, std::string_view) {});
}

TEST(json_object, gives_its_members_in_order_without_those_of_nested_objects) {
    using enum value_kind;
    EXPECT_EQ(members_of(R"({"a":"1","b":null,"c":{"x":"2","y":[]},"a":"\u0033","d":["4"],"e":5,"f":true,"":""})"),
              (std::vector<member>{{"a", text, "1"},
                                   {"b", null, ""},
                                   {"c", other, ""},
                                   {"a", text, "3"},
                                   {"d", other, ""},
                                   {"e", other, ""},
                                   {"f", other, ""},
                                   {"", text, ""}}));
}

TEST(json_object, tells_that_a_name_is_there_twice_in_whatever_object) {
    for (const auto* json : {R"({"a":1,"a":2})", R"({"a":1,"b":2,"\u0061":3})", R"({"a":{"b":1,"b":1}})",
                             R"([{"a":[{"b":1,"c":{},"b":2}]}])"}) {
        EXPECT_TRUE(outcome_of(json).repeats_a_name) << json;
    }
    for (const auto* json : {R"({"a":1,"A":2})", R"({"a":{"a":{"a":1}}})", R"([{"a":1},{"a":1}])", R"(["a","a"])"}) {
        EXPECT_FALSE(outcome_of(json).repeats_a_name) << json;
    }
}

TEST(json_object, tells_an_object_from_another_value_and_from_no_json) {
    EXPECT_TRUE(outcome_of("{}").is_object);
    for (const auto* json : {"[{}]", "\"{}\"", "1", "null"}) {
        EXPECT_TRUE(outcome_of(json).is_valid) << json;
        EXPECT_FALSE(outcome_of(json).is_object) << json;
    }
    for (const auto* json : {"", "{", "{} {}", "{\"a\":1,}", "{\"a\":\"\xff\"}"}) {
        EXPECT_FALSE(outcome_of(json).is_valid) << json;
    }
}

TEST(json_object, has_a_hundred_members_and_nests_sixteen_deep_at_most) {
    std::string members = "\"0\":0";
    for (int i = 1; i < 100; ++i) members += ",\"" + std::to_string(i) + "\":0";
    EXPECT_TRUE(outcome_of("{" + members + "}").is_valid);
    EXPECT_FALSE(outcome_of("{" + members + ",\"100\":0}").is_valid);
    EXPECT_FALSE(outcome_of("{\"a\":{" + members + ",\"100\":0}}").is_valid);
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_TRUE(outcome_of(nested(16)).is_valid);
    EXPECT_FALSE(outcome_of(nested(17)).is_valid);
}

TEST(json_object, gives_long_names_and_texts_whole) {
    // Longer than the pieces in which Boost.JSON hands over what has escapes.
    std::string escaped, plain;
    for (int i = 0; i < 3000; ++i) {
        escaped += "\\u00e4";
        plain += "\u00e4";
    }
    EXPECT_EQ(members_of("{\"" + escaped + "\":\"" + escaped + "\"}"),
              (std::vector<member>{{plain, value_kind::text, plain}}));
}

}  // namespace
}  // namespace userinfo
