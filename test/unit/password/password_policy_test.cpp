#include "password/password_policy.h"

#include <gtest/gtest.h>

#include "password/password_block_list.h"

namespace userinfo {
namespace {

using namespace std::string_literals;

std::string repeat(const std::string& text, std::size_t times) {
    std::string repeated;
    for (std::size_t i = 0; i < times; ++i) repeated += text;
    return repeated;
}

// Why `password` may not be set by anna.smith@example.org; empty: it may.
std::string why_refused(const std::string& password, const password_rules& rules = {}) {
    const login_identifier email{.typed = "Anna.Smith@example.org", .key = "anna.smith@example.org"};
    const auto normalized = normalize_password(password, "new_password");
    const auto allowed = normalized ? check_new_password(normalized->view(), email, rules, "new_password")
                                    : result<void>(std::unexpected(normalized.error()));
    if (allowed) return {};
    EXPECT_EQ(allowed.error().code, errc::invalid_argument);
    EXPECT_EQ(allowed.error().field, "new_password");
    return allowed.error().reason;
}

struct candidate {
    std::string password, reason;
};

TEST(password_policy, counts_bytes_before_and_code_points_after_normalizing) {
    for (const auto& [password, reason] : {
             candidate{"", "too_short"},
             candidate{"seven77", "too_short"},
             candidate{"8 chars.", ""},
             candidate{repeat("\u00e9", 7), "too_short"},
             candidate{repeat("\u00e9", 8), ""},
             candidate{repeat("e\u0301", 7), "too_short"},  // 14 code points as typed
             candidate{repeat("\ufb01", 4), ""},            // a ligature of two letters
             candidate{repeat("a", 256), ""},
             candidate{repeat("a", 257), "too_long"},
             candidate{repeat("\U0001f600", 256), ""},  // 1,024 bytes
             candidate{repeat("\U0001f600", 256) + "a", "too_long"},
             candidate{repeat("e\u0301", 256), ""},  // 512 code points as typed
             candidate{repeat("e\u0301", 257), "too_long"},
             candidate{repeat("\ufdfa", 100), "too_long"},  // 300 bytes, but 18 letters each
             candidate{repeat("a", 1025), "too_long"},
             candidate{repeat("\xff", 1025), "too_long"},
         }) {
        EXPECT_EQ(why_refused(password), reason) << password;
    }
}

TEST(password_policy, the_least_length_is_a_setting) {
    EXPECT_EQ(why_refused(repeat("ab", 7), {.shortest = 15}), "too_short");
    EXPECT_EQ(why_refused(repeat("abc", 5), {.shortest = 15}), "");
}

TEST(password_policy, refuses_what_cannot_be_compared_safely) {
    for (const auto& [password, reason] : {
             candidate{"long enough\0"s, "not_allowed"},
             candidate{"\0long enough"s, "not_allowed"},
             candidate{"long\0enough"s, "not_allowed"},
             candidate{"long enough \u0378"s, "not_allowed"},  // unassigned
             candidate{"long enough \xff"s, "not_utf8"},
             candidate{"long enough \xc0\x80"s, "not_utf8"},
             candidate{"long enough \xed\xa0\x80"s, "not_utf8"},
         }) {
        EXPECT_EQ(why_refused(password), reason) << testing::PrintToString(password);
    }
}

TEST(password_policy, has_no_rules_of_composition) {
    for (const auto& password : {"aaaaaaaaz"s, "        z"s, "93751846022"s,
                                 "\u5bc6\u78bc\u5bc6\u78bc\u5bc6\u78bc\u5bc6\u78bc"s, "a b\tc d e f"s}) {
        EXPECT_EQ(why_refused(password), "") << password;
    }
}

std::string normalized(std::string_view typed) {
    return std::string(normalize_password(typed, "password").value().view());
}

TEST(password_policy, two_keyboards_give_one_password) {
    for (const auto& [one, other] :
         {candidate{"caf\u00e9 cr\u00e8me", "cafe\u0301 cre\u0300me"},
          candidate{"\uff50\uff41\uff53\uff53phrase", "passphrase"}, candidate{"\u212angstr\u00f6m", "Kngstro\u0308m"},
          candidate{"no\u00a0break", "no break"}}) {
        EXPECT_EQ(normalized(one), normalized(other)) << one;
    }
    EXPECT_NE(normalized("Passphrase"), normalized("passphrase"));
    EXPECT_EQ(normalized("  spaces stay  "), "  spaces stay  ");
}

TEST(password_policy, knows_at_least_3000_passwords_that_are_guessed_first) {
    EXPECT_GE(common_password_count(), 3000u);
    EXPECT_TRUE(is_common_password("password1"));
    EXPECT_FALSE(is_common_password(""));
    EXPECT_FALSE(is_common_password("password1\n"));
    EXPECT_FALSE(is_common_password("password1\npassword2"));
}

TEST(password_policy, refuses_them_in_any_case_and_width) {
    for (const auto& password : {"password1"s, "PASSWORD1"s, "PassWord1"s, "password"s, "12345678"s, "iloveyou"s,
                                 "\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44\uff11"s}) {
        EXPECT_EQ(why_refused(password), "common") << password;
    }
    EXPECT_EQ(why_refused("password1 of mine"), "");
}

TEST(password_policy, refuses_the_service_and_its_owner) {
    for (const auto& password :
         {"userinfo"s, "UserInfo"s, "userinfo1"s, "USERINFO2024"s, "userinfouserinfo"s, "UserInfoUserInfo99"s,
          "anna.smith@example.org"s, "Anna.Smith@Example.ORG"s, "anna.smith"s, "ANNA.SMITH"s,
          " anna.smith@example.org"s, "anna.smith@example.org\t "s}) {
        EXPECT_EQ(why_refused(password), "contains_context") << password;
    }
    for (const auto& password : {"my userinfo"s, "userinfos"s, "anna.smith lives here"s, "example.org"s}) {
        EXPECT_EQ(why_refused(password), "") << password;
    }
}

TEST(password_policy, refuses_an_international_address_in_both_spellings) {
    const auto email = parse_login_identifier("mail@b\u00fccher.example", identifier_forms::email_only).value();
    for (const auto* password : {"mail@b\u00fccher.example", "mail@xn--bcher-kva.example"}) {
        EXPECT_FALSE(check_new_password(password, email, {}, "password")) << password;
    }
}

}  // namespace
}  // namespace userinfo
