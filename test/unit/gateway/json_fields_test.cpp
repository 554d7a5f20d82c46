#include <string>

#include <gtest/gtest.h>

#include "gateway/fields.h"
#include "support/failure_of.h"

namespace userinfo::gateway {
namespace {

using userinfo::test::failure_of;

TEST(json_fields, are_decoded) {
    struct {
        const char *body, *value;
    } const cases[]{
        {R"({"name":"ada"})", "ada"},
        {" \t\r\n{ \"name\" : \"ada\" } \n", "ada"},
        {R"({"other":{"name":"no","a":[{"name":"no"}]},"name":"ada","list":["name","no"]})", "ada"},
        {R"({"n\u0061me":"ada"})", "ada"},
        {R"({"name":"\u00e4 \ud83d\ude00 \" \\ \/ \n"})", "\xc3\xa4 \xf0\x9f\x98\x80 \" \\ / \n"},
        {"{\"name\":\"\xc3\xa4\"}", "\xc3\xa4"},
        {R"({"name":"a&b=c%20+"})", "a&b=c%20+"},
        {R"({"name":"\\u0041"})", R"(\u0041)"},
        {R"({"":"empty name","name":"ada"})", "ada"},
    };
    for (const auto& [body, value] : cases) {
        const auto read = parse_json(body);
        ASSERT_TRUE(read) << body;
        EXPECT_EQ(read->required("name").value_or("(none)"), value) << body;
    }
}

TEST(json_fields, may_hold_a_zero_byte) {
    const auto read = parse_json(R"({"name":"a\u0000b"})");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->required("name"), std::string("a\0b", 3));
}

TEST(json_fields, of_a_body_that_is_no_json_object_are_refused) {
    for (const auto* body : {"",
                             " ",
                             "{",
                             "}",
                             "{}}",
                             "{} {}",
                             "{}x",
                             "{},",
                             "[]",
                             "[{\"name\":\"ada\"}]",
                             "\"name\"",
                             "1",
                             "null",
                             "true",
                             "name=ada",
                             "{name:\"ada\"}",
                             "{'name':'ada'}",
                             "{\"name\":}",
                             "{\"name\"}",
                             "{\"name\":\"ada\",}",
                             "{\"name\":\"ada\"",
                             "{\"name\":\"ad",
                             "{\"name\":\"a\nb\"}",
                             "{\"name\":\"\\x\"}",
                             "{\"name\":\"\\ud800\"}",
                             "{\"name\":01}",
                             "{\"name\":NaN}",
                             "{/* */\"name\":\"ada\"}",
                             "{\"name\":\"\xff\"}",
                             "{\"name\":\"\xc0\xaf\"}",
                             "\xef\xbb\xbf{}"}) {
        EXPECT_EQ(failure_of(parse_json(body)), errc::invalid_argument) << body;
    }
    EXPECT_TRUE(parse_json("{}"));
}

TEST(json_fields, are_refused_with_bytes_after_the_object) {
    EXPECT_EQ(failure_of(parse_json(std::string("{}\0", 3))), errc::invalid_argument);
    EXPECT_EQ(failure_of(parse_json("{\"name\":\"ada\"}{\"name\":\"eve\"}")), errc::invalid_argument);
}

// What is wrong with the member "name".
std::string reason(const char* body) {
    const auto read = parse_json(body);
    if (!read) return "(no object)";
    const auto value = read->required("name");
    if (value) return "(nothing)";
    EXPECT_EQ(value.error().code, errc::invalid_argument);
    EXPECT_EQ(value.error().field, "name");
    return value.error().reason;
}

TEST(json_fields, that_are_required_must_be_there_once_as_a_string) {
    EXPECT_EQ(reason(R"({})"), "missing");
    EXPECT_EQ(reason(R"({"name":null})"), "missing");
    EXPECT_EQ(reason(R"({"name":""})"), "(nothing)");
    EXPECT_EQ(reason(R"({"name":"a","name":"a"})"), "duplicate");
    EXPECT_EQ(reason(R"({"name":"a","n\u0061me":"b"})"), "duplicate");
    EXPECT_EQ(reason(R"({"name":null,"name":"b"})"), "duplicate");
    for (const auto* value : {"1", "-1", "1.5", "1e400", "true", "false", "[]", "[\"ada\"]", "{}", "{\"name\":\"ada\"}",
                              "18446744073709551616"}) {
        EXPECT_EQ(reason((std::string("{\"name\":") + value + "}").c_str()), "wrong_type") << value;
    }
}

TEST(json_fields, that_are_optional_take_null_as_empty) {
    const auto read = parse_json(R"({"null":null,"empty":"","number":1})");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->optional("null").value(), "");
    EXPECT_EQ(read->optional("empty").value(), "");
    EXPECT_EQ(read->optional("absent").value(), std::nullopt);
    EXPECT_EQ(read->optional("number").error().reason, "wrong_type");
}

TEST(json_fields, that_are_secret_can_be_read_more_than_once) {
    const auto read = parse_json(R"({"password":"a phr\u0061se","number":1})");
    ASSERT_TRUE(read);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(read->secret("password").value().view(), "a phrase");
    EXPECT_EQ(read->secret("number").error().reason, "wrong_type");
}

TEST(json_fields, after_a_nested_value_are_not_mixed_up_with_it) {
    const auto read = parse_json(R"({"a":{"x":"1"},"b":"2","c":["3",{"y":"4"}],"d":"5"})");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->required("b"), "2");
    EXPECT_EQ(read->required("d"), "5");
    EXPECT_EQ(read->optional("x").value(), std::nullopt);
    EXPECT_EQ(read->optional("a").error().reason, "wrong_type");
}

std::string nested(int depth) {
    return "{\"a\":" + std::string(static_cast<std::size_t>(depth - 1), '[') +
           std::string(static_cast<std::size_t>(depth - 1), ']') + "}";
}

TEST(json_fields, nest_sixteen_deep_at_most) {
    EXPECT_TRUE(parse_json(nested(2)));
    EXPECT_TRUE(parse_json(nested(16)));
    EXPECT_EQ(failure_of(parse_json(nested(17))), errc::invalid_argument);
    EXPECT_EQ(failure_of(parse_json(nested(50'000))), errc::invalid_argument);
}

TEST(json_fields, are_a_hundred_at_most) {
    std::string body = "{\"f0\":\"1\"";
    for (int i = 1; i < 100; ++i) body += ",\"f" + std::to_string(i) + "\":\"1\"";
    const auto read = parse_json(body + "}");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->required("f99"), "1");
    EXPECT_EQ(failure_of(parse_json(body + ",\"f100\":\"1\"}")), errc::invalid_argument);
}

}  // namespace
}  // namespace userinfo::gateway
