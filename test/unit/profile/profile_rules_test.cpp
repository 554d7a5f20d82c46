#include "profile/profile_rules.h"

#include <gtest/gtest.h>

namespace userinfo {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

constexpr date today = 2030y / 3 / 15;

std::string repeat(const std::string& text, std::size_t times) {
    std::string repeated;
    for (std::size_t i = 0; i < times; ++i) repeated += text;
    return repeated;
}

// "field: reason" of what is refused; empty: nothing is.
std::string why_refused(const profile_input& input, profile_write write = profile_write::update) {
    const auto changes = check_profile(input, write, today);
    if (changes) return {};
    EXPECT_EQ(changes.error().code, errc::invalid_argument);
    return changes.error().field + ": " + changes.error().reason;
}

profile_input username(const std::string& text) { return {.username = text, .birthday = {}, .avatar = {}}; }
profile_input birthday(const std::string& text) { return {.username = {}, .birthday = text, .avatar = {}}; }
profile_input avatar(const std::string& text) { return {.username = {}, .birthday = {}, .avatar = text}; }

struct rule {
    std::string text, refusal;
};

TEST(profile_rules, a_username_has_1_to_64_visible_code_points) {
    for (const auto& [text, refusal] : {
             rule{"A", ""},
             rule{repeat("a", 64), ""},
             rule{repeat("a", 65), "username: too_long"},
             rule{repeat("\U0001f600", 64), ""},
             rule{repeat("\U0001f600", 65), "username: too_long"},
             rule{repeat("e\u0301", 64), ""},  // 128 code points as typed
             rule{repeat("e\u0301", 65), "username: too_long"},
             rule{std::string(1'000'000, 'a'), "username: too_long"},
             rule{"", "username: missing"},
             rule{" ", "username: blank"},
             rule{"\u00a0\u3000\u200b", "username: blank"},
             rule{"\u3164\u2800", "username: blank"},
             rule{"\u034f", "username: blank"},
             rule{"\ufe0f", "username: blank"},
             rule{"\u17b4", "username: blank"},
             rule{" \u180b\u115f\U000e0100", "username: blank"},
             rule{"\U000e0080", "username: blank"},
             rule{"\u2764\ufe0f", ""},
             rule{"\u845b\U000e0100", ""},
             rule{" Anna ", ""},
             rule{"An\nna", "username: control_characters"},
             rule{"Anna\0"s, "username: control_characters"},
             rule{"An\x7fna", "username: control_characters"},
             rule{"An\u0085na", "username: control_characters"},
             rule{"An\u2028na", "username: control_characters"},
             rule{"\u202eannA", "username: control_characters"},
             rule{"\u2066Anna\u2069", "username: control_characters"},
             rule{"Anna\u200f", "username: control_characters"},
             rule{"\U0002ebf0\U000323b0", ""},  // ideographs of Unicode 15.1 and 17.0
             rule{"\u0378", ""},                // of no version so far
             rule{"\ufffe", "username: not_allowed"},
             rule{"\U0002ffff", "username: not_allowed"},
             rule{"\ue000", ""},
             rule{"\xff", "username: not_utf8"},
             rule{"\xc0\x80", "username: not_utf8"},
             rule{"\xed\xa0\x80", "username: not_utf8"},
             rule{"\U0001f469\u200d\U0001f4bb", ""},
             rule{"\u05d0\u05e0\u05d4", ""},
             rule{"<script>'\"&", ""},
         }) {
        EXPECT_EQ(why_refused(username(text)), refusal) << text;
    }
}

TEST(profile_rules, a_username_is_kept_in_nfc_and_not_otherwise_changed) {
    EXPECT_EQ(check_profile(username(" Ame\u0301lie \ufb01 "), profile_write::create, today)->username,
              " Am\u00e9lie \ufb01 ");
}

TEST(profile_rules, a_username_that_is_newer_than_our_tables_is_kept_as_it_is) {
    const auto name = "\U0002ebf0\u8449"s;
    const auto kept = check_profile(username(name), profile_write::create, today)->username;
    EXPECT_EQ(kept, name);
    EXPECT_EQ(check_profile(username(*kept), profile_write::update, today)->username, name);
}

TEST(profile_rules, a_username_is_needed_to_create_but_not_to_update) {
    EXPECT_EQ(why_refused({}, profile_write::create), "username: missing");
    EXPECT_EQ(why_refused(birthday("2000-01-01"), profile_write::create), "username: missing");
    const auto changes = check_profile({}, profile_write::update, today);
    ASSERT_TRUE(changes);
    EXPECT_FALSE(changes->username || changes->birthday || changes->avatar);
}

TEST(profile_rules, a_birthday_is_a_real_day_from_1900_to_today) {
    for (const auto& [text, refusal] : {
             rule{"1900-01-01", ""},
             rule{"1899-12-31", "birthday: out_of_range"},
             rule{"2030-03-15", ""},
             rule{"2030-03-16", "birthday: out_of_range"},
             rule{"9999-12-31", "birthday: out_of_range"},
             rule{"0000-01-01", "birthday: out_of_range"},
             rule{"2000-02-29", ""},
             rule{"1900-02-29", "birthday: invalid"},
             rule{"2001-02-29", "birthday: invalid"},
             rule{"2000-02-30", "birthday: invalid"},
             rule{"2000-2-3", "birthday: invalid"},
             rule{"03/02/2000", "birthday: invalid"},
             rule{"20000203", "birthday: invalid"},
             rule{" 2000-02-03", "birthday: invalid"},
             rule{"2000-02-03 ", "birthday: invalid"},
             rule{"2000-02-03T00:00:00Z", "birthday: invalid"},
         }) {
        EXPECT_EQ(why_refused(birthday(text)), refusal) << text;
    }
    EXPECT_EQ(check_profile(birthday("2000-02-29"), profile_write::update, today)->birthday.value(),
              date(2000y / 2 / 29));
}

TEST(profile_rules, an_avatar_is_an_https_url_without_a_user) {
    for (const auto& [text, refusal] : {
             rule{"https://example.org/a.png", ""},
             rule{"https://example.org", ""},
             rule{"https://example.org:8443/a?b=c#d", ""},
             rule{"https://xn--bcher-kva.example/", ""},
             rule{"http://example.org/a.png", "avatar: invalid"},
             rule{"ftp://example.org/a.png", "avatar: invalid"},
             rule{"javascript:alert(1)", "avatar: invalid"},
             rule{"data:image/png;base64,AAAA", "avatar: invalid"},
             rule{"//example.org/a.png", "avatar: invalid"},
             rule{"/a.png", "avatar: invalid"},
             rule{"example.org/a.png", "avatar: invalid"},
             rule{"https:example.org", "avatar: invalid"},
             rule{"https:///a.png", "avatar: invalid"},
             rule{"https://", "avatar: invalid"},
             rule{"https://:443/", "avatar: invalid"},
             rule{"https://anna@example.org/", "avatar: invalid"},
             rule{"https://anna:secret@example.org/", "avatar: invalid"},
             rule{"https://@example.org/", "avatar: invalid"},
             rule{"https://trusted.example@evil.example/", "avatar: invalid"},
             rule{" https://example.org/", "avatar: invalid"},
             rule{"https://example.org/ a", "avatar: invalid"},
             rule{"https://example.org/\n", "avatar: invalid"},
             rule{"https://example.org/\0"s, "avatar: invalid"},
             rule{"https://example.org/\u00e9", "avatar: invalid"},
             rule{"https://example.org/\"onload=", "avatar: invalid"},
             rule{"https://example.org/<b>", "avatar: invalid"},
             rule{"https://example.org\\@evil.example/", "avatar: invalid"},
             rule{"https://example.org/%zz", "avatar: invalid"},
             // what a browser cannot open
             rule{"https://example.org:65535/", ""},
             rule{"https://example.org:65536/", "avatar: invalid"},
             rule{"https://example.org:99999999999999999999/", "avatar: invalid"},
             rule{"https://example.org:000000000443/", ""},
             rule{"https://example.org:0/", ""},
             rule{"https://example.org:/", ""},
             rule{"https://[::1]:65536/", "avatar: invalid"},
             rule{"https://192.0.2.1:65536/", "avatar: invalid"},
             rule{"https://example%00.org/", "avatar: invalid"},
             rule{"https://example.org%00/", "avatar: invalid"},
             rule{"https://example%20.org/", "avatar: invalid"},
             rule{"https://%20/", "avatar: invalid"},
             rule{"https://exa%09mple.org/", "avatar: invalid"},
             rule{"https://exa%0Ample.org/", "avatar: invalid"},
             rule{"https://exa%7fmple.org/", "avatar: invalid"},
             rule{"https://example.org%2f.evil.example/", "avatar: invalid"},
             rule{"https://example.org%3a443/", "avatar: invalid"},
             rule{"https://anna%40example.org/", "avatar: invalid"},
             rule{"https://example.org%23/", "avatar: invalid"},
             rule{"https://example.org%3f/", "avatar: invalid"},
             rule{"https://a%25b/", "avatar: invalid"},
             rule{"https://%5b::1%5d/", "avatar: invalid"},
             rule{"https://a%5cb/", "avatar: invalid"},
             rule{"https://a%5eb/", "avatar: invalid"},
             rule{"https://a%7cb/", "avatar: invalid"},
             rule{"https://a%3cb%3e/", "avatar: invalid"},
             rule{"https://a%ef%bc%8fb/", "avatar: invalid"},  // a fullwidth solidus
             rule{"https://a%e3%80%80b/", "avatar: invalid"},  // an ideographic space
             rule{"https://a%e2%80%aeb/", "avatar: invalid"},  // right-to-left override
             rule{"https://%c2%ad/", "avatar: invalid"},       // a soft hyphen, which is ignored
             rule{"https://%ff/", "avatar: invalid"},
             rule{"https://256.1.1.1/", "avatar: invalid"},
             rule{"https://1.2.3.4.5/", "avatar: invalid"},
             rule{"https://1.2.3.4.example/", ""},
             rule{"https://1.2.3.4.example:65536/", "avatar: invalid"},
             rule{"https://1.2.3.4.example%20/", "avatar: invalid"},
             rule{"https://1.2.3.4:65536/", "avatar: invalid"},
             rule{"https://1.2.3.4@evil.example/", "avatar: invalid"},
             rule{"https://1.2.3.4.x:1@evil.example/", "avatar: invalid"},
             rule{"https://1.2.3.4?a:b@c/", ""},
             rule{"https://[::1]x/", "avatar: invalid"},
             rule{"https://example.0x1/", "avatar: invalid"},
             rule{"https://1.2.3.%34/", "avatar: invalid"},
             rule{"https://[v1.a]/", "avatar: invalid"},
             rule{"https://192.0.2.1/", ""},
             rule{"https://[2001:db8::1]:8443/", ""},
             rule{"https://ex%61mple.org/", ""},
             rule{"https://b%C3%BCcher.example/", ""},
             rule{"https://example.org/%00%20:65536", ""},
             rule{"https://1.example.0xyz/", ""},
             rule{"https://example.org./", ""},
             rule{"https://example.org/" + std::string(2048 - 20, 'a'), ""},
             rule{"https://example.org/" + std::string(2048 - 19, 'a'), "avatar: too_long"},
         }) {
        EXPECT_EQ(why_refused(avatar(text)), refusal) << text;
    }
}

TEST(profile_rules, an_empty_birthday_or_avatar_clears_it) {
    const auto changes = check_profile({.username = {}, .birthday = "", .avatar = ""}, profile_write::update, today);
    ASSERT_TRUE(changes);
    ASSERT_TRUE(changes->birthday);
    EXPECT_EQ(*changes->birthday, std::nullopt);
    EXPECT_EQ(changes->avatar, "");
    EXPECT_EQ(changes->username, std::nullopt);
}

}  // namespace
}  // namespace userinfo
