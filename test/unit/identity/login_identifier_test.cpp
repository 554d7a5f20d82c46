#include "identity/login_identifier.h"

#include <gtest/gtest.h>

#include "identity/email.h"
#include "support/failure_of.h"

namespace userinfo {

namespace {

using namespace std::string_literals;
using test::failure_of;

TEST(login_identifier, is_an_email_address) {
    const auto email = parse_login_identifier("Anna@B\u00fccher.example", identifier_forms::email_only).value();
    EXPECT_EQ(email.kind, identifier_kind::email);
    EXPECT_EQ(email.typed, "Anna@B\u00fccher.example");
    EXPECT_EQ(email.key, parse_email("Anna@B\u00fccher.example")->key);
}

TEST(login_identifier, is_nothing_else_unless_legacy_ones_are_taken) {
    EXPECT_EQ(failure_of(parse_login_identifier("test_user_1", identifier_forms::email_only)), errc::invalid_argument);
    const auto legacy = parse_login_identifier("Test_User_1", identifier_forms::email_or_legacy).value();
    EXPECT_EQ(legacy.kind, identifier_kind::legacy);
    EXPECT_EQ(legacy.typed, "Test_User_1");
    EXPECT_EQ(legacy.key, "test_user_1");
}

TEST(login_identifier, an_email_stays_one_where_legacy_ones_are_taken) {
    const auto email = parse_login_identifier("Anna@Example.org", identifier_forms::email_or_legacy).value();
    EXPECT_EQ(email.kind, identifier_kind::email);
    EXPECT_EQ(email.key, "anna@example.org");
}

TEST(login_identifier, has_no_white_space_around_it) {
    for (const auto& typed : {" Test_User_1"s, "Test_User_1\r\n"s, "\u3000Test_User_1\ufeff"s}) {
        const auto legacy = parse_login_identifier(typed, identifier_forms::email_or_legacy).value();
        EXPECT_EQ(legacy.typed, "Test_User_1");
        EXPECT_EQ(legacy.key, "test_user_1");
    }
    const auto email = parse_login_identifier(" Anna@Example.org\n", identifier_forms::email_or_legacy).value();
    EXPECT_EQ(email.kind, identifier_kind::email);
    EXPECT_EQ(email.typed, "Anna@Example.org");
    EXPECT_EQ(failure_of(parse_login_identifier(" ", identifier_forms::email_or_legacy)), errc::invalid_argument);
}

TEST(login_identifier, a_legacy_one_is_printable_ascii_of_at_most_254_bytes) {
    const auto parse = [](std::string_view text) {
        return parse_login_identifier(text, identifier_forms::email_or_legacy);
    };
    EXPECT_TRUE(parse(std::string(254, 'a')));
    for (const auto& text : {std::string(), std::string(255, 'a'), std::string("a b"), std::string("a\tb"),
                             std::string("a\0b", 3), std::string("\u00fcser"), std::string("us\ner")}) {
        EXPECT_EQ(failure_of(parse(text)), errc::invalid_argument) << text;
        EXPECT_EQ(parse(text).error().field, "email");
    }
}

}  // namespace

}  // namespace userinfo
