#include "h2/message_frames.h"

#include <gtest/gtest.h>

namespace userinfo::h2 {
namespace {

using namespace std::string_literals;
using problem = message_reader::problem;

constexpr std::size_t longest = 1'000;

std::string framed(std::string_view message) {
    secret_string bytes;
    append_message(bytes, message);
    return std::string(bytes.view());
}

std::optional<std::string> next_of(message_reader& reader) {
    const auto message = reader.next();
    return message ? std::optional(std::string(message->view())) : std::nullopt;
}

TEST(append_message, writes_a_flag_and_the_length_first) {
    EXPECT_EQ(framed("abc"), "\0\0\0\0\3abc"s);
    EXPECT_EQ(framed(""), "\0\0\0\0\0"s);
    EXPECT_EQ(framed(std::string(0x012345, 'x')).substr(0, 5), "\0\0\x01\x23\x45"s);
}

TEST(append_message, adds_to_what_is_there) {
    secret_string bytes;
    append_message(bytes, "a");
    append_message(bytes, "bc");
    EXPECT_EQ(bytes.view(), framed("a") + framed("bc"));
}

TEST(message_reader, gives_a_message_with_its_last_byte) {
    message_reader reader(longest);
    const auto bytes = framed("hello") + framed("") + framed(std::string(300, 'x'));
    std::vector<std::string> got;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        reader.feed(bytes.substr(i, 1));
        while (auto message = next_of(reader)) got.push_back(std::move(*message));
        EXPECT_EQ(!got.empty(), i >= framed("hello").size() - 1) << i;
    }
    EXPECT_EQ(got, (std::vector<std::string>{"hello", "", std::string(300, 'x')}));
    EXPECT_TRUE(reader.is_empty());
    EXPECT_EQ(reader.found(), problem::none);
}

TEST(message_reader, gives_several_messages_of_one_piece) {
    message_reader reader(longest);
    reader.feed(framed("a") + framed("") + framed("b") + "\0\0"s);
    EXPECT_EQ(next_of(reader), "a");
    EXPECT_EQ(next_of(reader), "");
    EXPECT_EQ(next_of(reader), "b");
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.is_empty());
}

TEST(message_reader, tells_whether_a_message_is_there) {
    message_reader reader(longest);
    EXPECT_FALSE(reader.has_message());
    reader.feed(framed("hello").substr(0, 9));
    EXPECT_FALSE(reader.has_message());
    reader.feed("o" + framed("a"));
    EXPECT_TRUE(reader.has_message());
    EXPECT_EQ(next_of(reader), "hello");
    EXPECT_TRUE(reader.has_message());
    EXPECT_EQ(next_of(reader), "a");
    EXPECT_FALSE(reader.has_message());
}

TEST(message_reader, counts_what_is_not_read) {
    message_reader reader(longest);
    reader.feed(framed("hello") + framed("a") + "\0\0"s);
    EXPECT_EQ(reader.size(), 18U);
    EXPECT_EQ(next_of(reader), "hello");
    EXPECT_EQ(reader.size(), 8U);
    reader.feed("\0\0\2b"s);
    EXPECT_EQ(reader.size(), 12U);
    EXPECT_EQ(next_of(reader), "a");
    reader.feed("c");
    EXPECT_EQ(next_of(reader), "bc");
    EXPECT_EQ(reader.size(), 0U);
}

TEST(message_reader, tells_whether_it_ends_inside_a_message) {
    const auto is_cut_off = [](const std::string& bytes) {
        message_reader reader(longest);
        reader.feed(bytes);
        return reader.is_cut_off();
    };
    const auto whole = framed("a") + framed("") + framed("hello");
    EXPECT_FALSE(is_cut_off(""));
    EXPECT_FALSE(is_cut_off(whole));
    EXPECT_TRUE(is_cut_off(whole + '\0'));
    EXPECT_TRUE(is_cut_off(whole + framed("b").substr(0, 5)));
    EXPECT_TRUE(is_cut_off(whole.substr(0, whole.size() - 1)));
}

TEST(message_reader, waits_for_the_rest_of_a_message) {
    message_reader reader(longest);
    EXPECT_TRUE(reader.is_empty());
    reader.feed(framed("hello").substr(0, 9));
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.is_empty());
    EXPECT_EQ(reader.found(), problem::none);
    reader.feed("o");
    EXPECT_EQ(next_of(reader), "hello");
    EXPECT_TRUE(reader.is_empty());
}

TEST(message_reader, takes_no_compressed_message) {
    for (const char flag : {'\1', '\2', '\x80'}) {
        message_reader reader(longest);
        reader.feed(std::string(1, flag) + framed("a").substr(1) + framed("b"));
        EXPECT_FALSE(reader.next());
        EXPECT_EQ(reader.found(), problem::compressed);
        EXPECT_FALSE(reader.next());
    }
}

TEST(message_reader, knows_from_the_length_that_a_message_is_too_long) {
    message_reader reader(longest);
    reader.feed(framed(std::string(longest, 'x')));
    EXPECT_TRUE(reader.next());
    reader.feed(framed(std::string(longest + 1, 'x')).substr(0, 5));
    EXPECT_FALSE(reader.next());
    EXPECT_EQ(reader.found(), problem::too_long);
    reader.feed(std::string(longest + 1, 'x') + framed("b"));
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.is_empty());  // none of it is kept
}

TEST(message_reader, takes_the_greatest_length_for_too_long) {
    message_reader reader(longest);
    reader.feed("\0\xff\xff\xff\xff"s);
    EXPECT_FALSE(reader.next());
    EXPECT_EQ(reader.found(), problem::too_long);
}

}  // namespace
}  // namespace userinfo::h2
