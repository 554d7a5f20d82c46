#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gateway/fields.h"
#include "support/failure_of.h"
#include "unit/http/messages.h"

namespace userinfo::gateway {
namespace {

using userinfo::test::failure_of;

TEST(form_fields, are_decoded) {
    struct {
        const char *body, *value;
    } const cases[]{
        {"name=ada", "ada"},         {"name=ada+lovelace", "ada lovelace"},
        {"name=1%2B1%3d2", "1+1=2"}, {"name=%C3%A4%20%26", "\xc3\xa4 &"},
        {"name=a=b=c", "a=b=c"},     {"n%61me=ada", "ada"},
        {"&&name=ada&&", "ada"},     {"other=1&name=ada&more", "ada"},
        {"name=a;b", "a;b"},         {"name=%2541%252B", "%41%2B"},
    };
    for (const auto& [body, value] : cases) {
        const auto form = parse_form(body);
        ASSERT_TRUE(form) << body;
        EXPECT_EQ(form->required("name").value_or("(none)"), value) << body;
    }
}

TEST(form_fields, keep_bytes_of_any_value) {
    const auto form = parse_form("name=%00%ff");
    ASSERT_TRUE(form);
    EXPECT_EQ(form->required("name"), std::string("\0\xff", 2));
}

TEST(form_fields, with_a_broken_percent_escape_are_refused) {
    for (const auto* body :
         {"name=%", "name=%4", "name=%4&x=1", "name=%zz", "name=%4x", "name=%-1", "%=ada", "a=1&b=%2"}) {
        EXPECT_EQ(failure_of(parse_form(body)), errc::invalid_argument) << body;
    }
}

TEST(form_fields, are_a_hundred_at_most) {
    std::string body;
    for (int i = 0; i < 100; ++i) body += "f" + std::to_string(i) + "=1&";
    ASSERT_TRUE(parse_form(body));
    EXPECT_EQ(parse_form(body)->required("f99"), "1");
    EXPECT_EQ(failure_of(parse_form(body + "f100=1")), errc::invalid_argument);
}

TEST(form_fields, of_an_empty_body_are_none) {
    const auto form = parse_form("");
    ASSERT_TRUE(form);
    EXPECT_EQ(form->optional("name"), std::nullopt);
}

// What is wrong with the field "name" of a form.
std::string reason(const char* body) {
    const auto form = parse_form(body);
    if (!form) return "(no form)";
    const auto value = form->required("name");
    if (value) return "(nothing)";
    EXPECT_EQ(value.error().code, errc::invalid_argument);
    EXPECT_EQ(value.error().field, "name");
    return value.error().reason;
}

TEST(form_fields, that_are_required_must_be_there_once) {
    EXPECT_EQ(reason("other=1"), "missing");
    EXPECT_EQ(reason("Name=1"), "missing");
    EXPECT_EQ(reason("name="), "(nothing)");
    EXPECT_EQ(reason("name"), "(nothing)");
    EXPECT_EQ(reason("name=1&name=1"), "duplicate");
    EXPECT_EQ(reason("name=1&n%61me=2"), "duplicate");
    EXPECT_EQ(reason("name=&name=1"), "duplicate");
}

TEST(form_fields, that_are_optional_tell_empty_from_not_sent) {
    const auto form = parse_form("empty=&bare&twice=1&twice=2");
    ASSERT_TRUE(form);
    EXPECT_EQ(form->optional("empty").value(), "");
    EXPECT_EQ(form->optional("bare").value(), "");
    EXPECT_EQ(form->optional("absent").value(), std::nullopt);
    EXPECT_EQ(form->optional("twice").error().reason, "duplicate");
}

TEST(form_fields, that_are_secret_can_be_read_more_than_once) {
    const auto form = parse_form("password=a+phr%61se&twice=1&twice=2&empty=");
    ASSERT_TRUE(form);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(form->secret("password").value().view(), "a phrase");
    EXPECT_EQ(form->secret("absent").error().reason, "missing");
    EXPECT_EQ(form->secret("empty").value().view(), "");
    EXPECT_EQ(form->secret("twice").error().reason, "duplicate");
}

TEST(media_type, is_read_without_case_and_parameters) {
    struct {
        const char* header;
        media_type type;
    } const cases[]{
        {"application/json", media_type::json},
        {"Application/JSON ; charset=utf-8", media_type::json},
        {"application/json\t; charset=utf-8", media_type::json},
        {"application/x-www-form-urlencoded;charset=UTF-8", media_type::form},
        {"APPLICATION/X-WWW-FORM-URLENCODED", media_type::form},
        {"", media_type::none},
        {"; charset=utf-8", media_type::none},
        {"text/plain", media_type::other},
        {"application/json5", media_type::other},
        {"application/jso", media_type::other},
        {"multipart/form-data; boundary=x", media_type::other},
        {"application/json, application/json", media_type::other},
    };
    for (const auto& [header, type] : cases) {
        EXPECT_EQ(media_type_of(http::test::request_with({{"content-type", header}})), type) << header;
    }
    EXPECT_EQ(media_type_of(http::test::request_with({})), media_type::none);
}

}  // namespace
}  // namespace userinfo::gateway
