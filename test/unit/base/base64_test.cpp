#include "base/base64.h"

#include <gtest/gtest.h>

namespace userinfo {
namespace {

using namespace std::string_literals;

struct encoding {
    std::string bytes, text;
};

TEST(base64url, encodes_without_padding_and_decodes_again) {
    for (const auto& [bytes, text] :
         {encoding{"", ""}, encoding{"f", "Zg"}, encoding{"fo", "Zm8"}, encoding{"foo", "Zm9v"},
          encoding{"foob", "Zm9vYg"}, encoding{"foobar", "Zm9vYmFy"}, encoding{"\xfb\xff\xbf", "-_-_"},
          encoding{"\0\0\0\0"s, "AAAAAA"}}) {
        EXPECT_EQ(to_base64url(bytes), text);
        EXPECT_EQ(from_base64url(text), bytes) << text;
    }
}

TEST(base64, differs_from_base64url_in_two_letters) {
    for (const auto& [bytes, text] : {encoding{"", ""}, encoding{"foobar", "Zm9vYmFy"}, encoding{"foob", "Zm9vYg"},
                                      encoding{"\xfb\xff\xbf", "+/+/"}}) {
        EXPECT_EQ(to_base64(bytes), text);
        EXPECT_EQ(from_base64(text), bytes) << text;
    }
    for (const auto& text : {"-_-_"s, "Zg=="s, "Zh"s, "Zm9vY"s, "Zm9\xc3\xa9"s, "Zm9v\n"s}) {
        EXPECT_EQ(from_base64(text), std::nullopt) << testing::PrintToString(text);
    }
}

TEST(base64url, any_bytes_come_back) {
    std::string bytes;
    for (int i = 0; i < 256; ++i) {
        bytes += static_cast<char>(i);
        EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
    }
}

TEST(base64url, refuses_what_is_not_the_one_encoding_of_some_bytes) {
    for (const auto& text : {
             "Zg=="s,   "Zm8="s,   "Zg="s,       "="s,       // padding
             "Zh"s,     "Zv"s,     "Zm9"s,       "Zm9vYh"s,  // stray bits
             "Z"s,      "Zm9vY"s,                            // no whole byte
             "+_-_"s,   "-/-_"s,   "Zm9v+Zm9"s,              // the other alphabet
             " Zm9v"s,  "Zm9v "s,  "Zm 9v"s,     "Zm9v\n"s,      "Zm9v\r\n"s,
             "Zm9v\0"s, "\0Zm9v"s, "Zm9v.Zm9v"s, "Zm9\xc3\xa9"s, "%5a"s,
         }) {
        EXPECT_EQ(from_base64url(text), std::nullopt) << testing::PrintToString(text);
    }
}

// How many letters `decode` knows; `encode` must write each again.
int letters_of(auto decode, auto encode) {
    int letters = 0;
    for (int i = 0; i < 256; ++i) {
        const std::string text{'A', 'A', static_cast<char>(i), 'A'};
        const auto bytes = decode(text);
        if (!bytes) continue;
        ++letters;
        EXPECT_EQ(encode(std::string_view(*bytes)), text);
    }
    return letters;
}

TEST(base64, has_64_letters_and_no_other) {
    EXPECT_EQ(
        letters_of([](auto text) { return from_base64url(text); }, [](auto bytes) { return to_base64url(bytes); }), 64);
    EXPECT_EQ(letters_of([](auto text) { return from_base64(text); }, [](auto bytes) { return to_base64(bytes); }), 64);
}

}  // namespace
}  // namespace userinfo
