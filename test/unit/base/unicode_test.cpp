#include "base/unicode.h"

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace userinfo {
namespace {

using namespace std::string_literals;

TEST(unicode, accepts_well_formed_text) {
    for (const auto& text :
         {""s, "plain"s, "\0"s, "\u00e9"s, "\u20ac"s, "\U0001f600"s, "\U0010ffff"s, "\ud7ff"s, "\ue000"s}) {
        EXPECT_TRUE(is_utf8(text)) << text;
    }
}

TEST(unicode, refuses_malformed_text) {
    for (const auto& text : {
             "\xc0\x80"s,                  // NUL in two bytes
             "\xc0\xaf"s,                  // a slash in two bytes
             "\xe0\x80\xaf"s,              // a slash in three
             "\xf0\x80\x80\xaf"s,          // a slash in four
             "\xe0\x9f\xbf"s,              // U+07FF in three
             "\xed\xa0\x80"s,              // the first surrogate
             "\xed\xbf\xbf"s,              // the last surrogate
             "\xed\xa0\xbd\xed\xb8\x80"s,  // a pair of them (CESU-8)
             "\xf4\x90\x80\x80"s,          // U+110000
             "\xf8\x88\x80\x80\x80"s,
             "\xfe"s,
             "\xff"s,
             "\x80"s,      // a continuation of nothing
             "\xe2\x82"s,  // cut off
             "a\xe2\x82z"s,
             "\xc3"s,
         }) {
        EXPECT_FALSE(is_utf8(text)) << testing::PrintToString(text);
        EXPECT_FALSE(is_utf8("before" + text + "after")) << testing::PrintToString(text);
        EXPECT_EQ(normalize(text, normal_form::nfc, unassigned::keep), std::nullopt) << testing::PrintToString(text);
    }
}

struct normal_forms {
    std::string text, nfc, nfkc;
};

TEST(unicode, normalizes) {
    for (const auto& [text, nfc, nfkc] : {
             normal_forms{"", "", ""},
             normal_forms{"plain", "plain", "plain"},
             normal_forms{"e\u0301", "\u00e9", "\u00e9"},
             normal_forms{"\u00e9", "\u00e9", "\u00e9"},
             normal_forms{"\u212b", "\u00c5", "\u00c5"},                       // angstrom sign
             normal_forms{"\u212a", "K", "K"},                                 // kelvin sign
             normal_forms{"\ufb01n", "\ufb01n", "fin"},                        // ligature
             normal_forms{"\uff50\uff11", "\uff50\uff11", "p1"},               // full width
             normal_forms{"x\u00b2", "x\u00b2", "x2"},                         // superscript
             normal_forms{"\u00a0", "\u00a0", " "},                            // no-break space
             normal_forms{"q\u0307\u0323", "q\u0323\u0307", "q\u0323\u0307"},  // order of marks
             normal_forms{"\u1100\u1161", "\uac00", "\uac00"},                 // Hangul
             normal_forms{"\u0958", "\u0915\u093c", "\u0915\u093c"},           // excluded from composition
             normal_forms{"\u0130", "\u0130", "\u0130"},                       // no case is folded
             normal_forms{"a\0b"s, "a\0b"s, "a\0b"s},
         }) {
        for (const auto unknown : {unassigned::keep, unassigned::refuse}) {
            EXPECT_EQ(normalize(text, normal_form::nfc, unknown), nfc) << text;
            EXPECT_EQ(normalize(text, normal_form::nfkc, unknown), nfkc) << text;
            EXPECT_EQ(normalize_secret(text, normal_form::nfkc, unknown).value().view(), nfkc) << text;
        }
    }
}

TEST(unicode, keeps_unassigned_code_points_as_they_are_or_refuses_them) {
    for (const auto& text : {"\u0378"s, "ok \U000e0080"s, "\U0002ebf0"s, "\U000323b0\U0003fffd"s}) {
        EXPECT_EQ(normalize(text, normal_form::nfc, unassigned::keep), text) << text;
        EXPECT_EQ(normalize(text, normal_form::nfkc, unassigned::keep), text) << text;
        EXPECT_EQ(normalize(text, normal_form::nfc, unassigned::refuse), std::nullopt) << text;
        EXPECT_EQ(normalize(text, normal_form::nfkc, unassigned::refuse), std::nullopt) << text;
        EXPECT_FALSE(normalize_secret(text, normal_form::nfkc, unassigned::refuse)) << text;
    }
    EXPECT_EQ(normalize("e\u0301\U0002ebf0e\u0301", normal_form::nfc, unassigned::keep), "\u00e9\U0002ebf0\u00e9");
}

TEST(unicode, refuses_noncharacters) {
    for (const auto& text : {"\ufdd0"s, "\ufdef"s, "\ufffe"s, "\uffff"s, "\U0001fffe"s, "\U0002ffff"s, "\U0010ffff"s}) {
        for (const auto unknown : {unassigned::keep, unassigned::refuse}) {
            EXPECT_EQ(normalize("a" + text, normal_form::nfc, unknown), std::nullopt) << text;
        }
    }
    for (const auto& text : {"\ufdcf"s, "\ufdf0"s, "\ufffd"s, "\U0010fffd"s, "\ue000"s}) {
        EXPECT_EQ(normalize(text, normal_form::nfc, unassigned::keep), text) << text;
    }
}

TEST(unicode, counts_code_points_not_bytes) {
    EXPECT_EQ(count_code_points(""), 0u);
    EXPECT_EQ(count_code_points("abc"), 3u);
    EXPECT_EQ(count_code_points("\u00e9\u20ac\U0001f600"), 3u);
    EXPECT_EQ(count_code_points("e\u0301"), 2u);
}

TEST(unicode, finds_control_characters_and_what_steers_direction) {
    for (const auto& text : {"\0"s,     "\n"s,     "\r"s,     "\t"s,     "\x1b"s,   "\x7f"s,   "\u0085"s, "\u009f"s,
                             "\u2028"s, "\u2029"s, "\u200e"s, "\u200f"s, "\u061c"s, "\u202a"s, "\u202b"s, "\u202c"s,
                             "\u202d"s, "\u202e"s, "\u2066"s, "\u2067"s, "\u2068"s, "\u2069"s}) {
        EXPECT_TRUE(has_control_characters(text)) << testing::PrintToString(text);
        EXPECT_TRUE(has_control_characters("a" + text + "b")) << testing::PrintToString(text);
    }
}

TEST(unicode, finds_no_control_characters_in_what_people_are_called) {
    for (const auto& text : {""s, "Anna"s, "\u05d0\u05d1"s, "\u0645\u062d\u0645\u062f"s, "a b"s,
                             "\U0001f469\u200d\U0001f4bb"s, "\u0646\u0627\u0645\u0647\u200c\u0627\u06cc"s}) {
        EXPECT_FALSE(has_control_characters(text)) << text;
    }
}

TEST(unicode, knows_what_is_blank) {
    for (const auto& text :
         {""s,           " "s,      "  \t\n"s,     "\u00a0"s,     "\u3000"s,     "\u2003 \u2009"s, "\u200b"s,
          "\u2060"s,     "\ufeff"s, "\u00ad"s,     "\u2028"s,     "\u034f"s,     "\ufe0f"s,        "\ufe00 \ufe0e"s,
          "\u17b4"s,     "\u17b5"s, "\u180b"s,     "\u180e"s,     "\u180f"s,     "\u115f\u1160"s,  "\u3164\uffa0"s,
          "\u2065"s,     "\ufff0"s, "\U0001bca0"s, "\U0001d173"s, "\U000e0001"s, "\U000e0100"s,    "\U000e01ef"s,
          "\U000e0fff"s, "\u2800"s, "\ufffb"s,     "\U00013430"s}) {
        EXPECT_TRUE(is_blank(text)) << testing::PrintToString(text);
    }
    for (const auto& text :
         {"a"s, " a"s, "."s, "\u00e9"s, "\u200b\u4e2d"s, "\U0001f600"s, "\u2764\ufe0f"s, "\u845b\U000e0100"s, "\u0600"s,
          "\u0301"s, "\U0002ebf0"s, "\u180a"s, "\u1810"s, "\ufe10"s, "\ufdff"s, "\U000e1000"s, "\u2801"s}) {
        EXPECT_FALSE(is_blank(text)) << text;
    }
}

// UTF-8 of a code point that is no surrogate.
std::string encoded(std::uint32_t c) {
    if (c < 0x80) return {static_cast<char>(c)};
    std::string bytes;
    int rest = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    constexpr std::array lead{0, 0xc0, 0xe0, 0xf0};
    bytes += static_cast<char>(static_cast<std::uint32_t>(lead.at(static_cast<std::size_t>(rest))) | (c >> (6 * rest)));
    while (rest-- > 0) bytes += static_cast<char>(0x80 | ((c >> (6 * rest)) & 0x3f));
    return bytes;
}

// Unicode 15.0 has 25 characters that are white space and 4,174 that are default ignorable, none of them both.
TEST(unicode, has_as_many_invisible_characters_as_the_character_database) {
    std::size_t blank = 0;
    for (std::uint32_t c = 0; c <= 0x10ffff; ++c) {
        if (c < 0xd800 || c > 0xdfff) blank += is_blank(encoded(c));
    }
    constexpr std::size_t without_a_property = 1 + 3 + 16;
    EXPECT_EQ(blank, 25u + 4174u + without_a_property);
}

TEST(unicode, trims_white_space_at_both_ends_only) {
    for (const auto& [text, trimmed] : {
             std::pair{""s, ""s},
             std::pair{"a"s, "a"s},
             std::pair{" a b "s, "a b"s},
             std::pair{"\t\n\v\f\ra\r\n"s, "a"s},
             std::pair{"\u00a0\u3000\u2003a\u2028\u2029\u0085"s, "a"s},
             std::pair{"\ufeffa\ufeff"s, "a"s},
             std::pair{" \u3000\t"s, ""s},
             std::pair{"\u200ba\u200b"s, "\u200ba\u200b"s},
             std::pair{"\0 a"s, "\0 a"s},
             std::pair{" \xff "s, "\xff"s},
             std::pair{"a \x80"s, "a \x80"s},
             std::pair{"\x80\x80"s, "\x80\x80"s},
             std::pair{" \xe3\x80"s, "\xe3\x80"s},
             std::pair{"a\u4e2d \u00e9 "s, "a\u4e2d \u00e9"s},
         }) {
        EXPECT_EQ(trim_white_space(text), trimmed) << testing::PrintToString(text);
    }
}

TEST(unicode, cuts_at_a_character) {
    const auto text = "a\u00e9\u20ac\U0001f600z"s;  // 1, 2, 3, 4 and 1 bytes
    const std::array<std::size_t, 13> ends{0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    for (std::size_t most = 0; most < ends.size(); ++most) EXPECT_EQ(cut_at_character(text, most).size(), ends[most]);
    EXPECT_EQ(cut_at_character("", 0), "");
    EXPECT_EQ(cut_at_character("\u00e9", 1), "");
}

TEST(unicode, cuts_anywhere_where_the_text_has_no_characters) {
    EXPECT_EQ(cut_at_character(std::string(300, '\x80'), 256).size(), 256u);
    EXPECT_EQ(cut_at_character("\x80\x80\x80", 2).size(), 2u);
    EXPECT_EQ(cut_at_character("\x80\x80", 0).size(), 0u);
}

TEST(unicode, escapes_what_steers_or_hides) {
    for (const auto& [text, shown] : {
             std::pair{""s, ""s},
             std::pair{"plain text, \\ and \"all"s, "plain text, \\ and \"all"s},
             std::pair{"\u00e9\u4e2d\U0001f600 \u00a0\u3000"s, "\u00e9\u4e2d\U0001f600 \u00a0\u3000"s},
             std::pair{"a\r\n\tb"s, "a\\r\\n\\tb"s},
             std::pair{"\0\x1b[2J\x7f"s, "\\u{0000}\\u{001B}[2J\\u{007F}"s},
             std::pair{"\u0080\u009b31m\u009f"s, "\\u{0080}\\u{009B}31m\\u{009F}"s},
             std::pair{"\u061c\u200e\u200f\u202a\u202e\u2066\u2069"s,
                       "\\u{061C}\\u{200E}\\u{200F}\\u{202A}\\u{202E}\\u{2066}\\u{2069}"s},
             std::pair{"\u2028\u2029"s, "\\u{2028}\\u{2029}"s},
             std::pair{"\u200b\u200c\u200d\u2060\ufeff\u00ad"s,
                       "\\u{200B}\\u{200C}\\u{200D}\\u{2060}\\u{FEFF}\\u{00AD}"s},
             std::pair{"\u034f\u3164\ufe0f\u2800\U000e0041"s, "\\u{034F}\\u{3164}\\u{FE0F}\\u{2800}\\u{E0041}"s},
             std::pair{"\uffff\U0010fffe"s, "\\u{FFFF}\\u{10FFFE}"s},
             std::pair{"a\x80\xc3(\xed\xa0\x80"s, "a\\x{80}\\x{C3}(\\x{ED}\\x{A0}\\x{80}"s},
             std::pair{"\xe2\x82"s, "\\x{E2}\\x{82}"s},
         }) {
        EXPECT_EQ(printable(text), shown) << testing::PrintToString(text);
        EXPECT_EQ(printable(shown), shown) << testing::PrintToString(text);
    }
}

TEST(unicode, leaves_nothing_unprintable_of_any_character) {
    for (std::uint32_t c = 0; c <= 0xe0fff; ++c) {
        if (c == 0xd800) c = 0xe000;
        if (c == 0x10000) c = 0xe0000;
        const auto character = encoded(c);
        const auto shown = printable(character);
        const bool is_blank_alone = is_blank(character) && !has_control_characters(character);
        if (has_control_characters(character)) EXPECT_NE(shown, character) << c;
        if (is_blank_alone && shown == character) EXPECT_EQ(trim_white_space(character), "") << c;
    }
}

TEST(unicode, escapes_in_json_and_changes_no_value) {
    auto line = "{\"kept\": \"\u202e\"} {\"text\":\"\u009b\u202e\u00e9\u4e2d\U000e0041\ufeff\\n\"}\n"s;
    make_json_printable(line, line.find(" {\"text") + 1);
    EXPECT_EQ(line, "{\"kept\": \"\u202e\"} {\"text\":\"\\u009b\\u202e\u00e9\u4e2d\\udb40\\udc41\\ufeff\\n\"}\n");
    auto ascii = "{\"a\":\"b\"}\n"s;
    make_json_printable(ascii);
    EXPECT_EQ(ascii, "{\"a\":\"b\"}\n");
}

}  // namespace
}  // namespace userinfo
