#include "h2/message_frames.h"

#include <gtest/gtest.h>

namespace userinfo::h2 {
namespace {

using namespace std::string_literals;
using problem = message_reader::problem;

std::string framed(std::string_view message) {
    std::string bytes;
    append_message(bytes, message);
    return bytes;
}

TEST(message_frames, a_length_is_four_bytes_big_endian) {
    EXPECT_EQ(framed("ab"), "\0\0\0\0\2ab"s);
    EXPECT_EQ(framed(std::string(258, 'x')).substr(0, 5), "\0\0\0\1\2"s);
}

TEST(message_frames, messages_are_read_however_they_are_cut) {
    const auto bytes = framed("one") + framed("") + framed("three");
    message_reader reader(100);
    std::vector<std::string> read;
    for (const char byte : bytes) {
        reader.feed({&byte, 1});
        while (auto message = reader.next()) read.push_back(*message);
    }
    EXPECT_EQ(read, (std::vector<std::string>{"one", "", "three"}));
    EXPECT_TRUE(reader.is_empty());
}

TEST(message_frames, several_come_in_one_piece) {
    message_reader reader(100);
    reader.feed(framed("one") + framed("two") + "\0"s);
    EXPECT_EQ(reader.next(), "one");
    EXPECT_EQ(reader.next(), "two");
    EXPECT_EQ(reader.next(), std::nullopt);
    EXPECT_EQ(reader.found(), problem::none);
    EXPECT_FALSE(reader.is_empty());
}

TEST(message_frames, one_that_is_too_long_is_refused_before_it_has_come) {
    message_reader reader(3);
    reader.feed(framed("abc") + "\0\0\0\0\4"s);
    EXPECT_EQ(reader.next(), "abc");
    EXPECT_EQ(reader.next(), std::nullopt);
    EXPECT_EQ(reader.found(), problem::too_long);
}

TEST(message_frames, a_compressed_one_is_refused) {
    message_reader reader(100);
    reader.feed("\1\0\0\0\2ab"s);
    EXPECT_EQ(reader.next(), std::nullopt);
    EXPECT_EQ(reader.found(), problem::compressed);
}

TEST(message_frames, after_a_problem_there_is_nothing) {
    message_reader reader(3);
    reader.feed("\0\0\0\0\4"s + "abcd" + framed("x"));
    EXPECT_EQ(reader.next(), std::nullopt);
    EXPECT_EQ(reader.next(), std::nullopt);
    EXPECT_EQ(reader.found(), problem::too_long);
}

}  // namespace
}  // namespace userinfo::h2
