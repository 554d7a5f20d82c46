#include <gtest/gtest.h>

#include "storage/redis/reply.h"

namespace userinfo::redis {
namespace {

TEST(redis_reply, a_command_is_its_words_with_their_lengths) {
    EXPECT_EQ(command({"GET", "a key"}), "*2\r\n$3\r\nGET\r\n$5\r\na key\r\n");
    using namespace std::string_view_literals;
    EXPECT_EQ(command({"SET", "", "\0\r\n"sv}), "*3\r\n$3\r\nSET\r\n$0\r\n\r\n$3\r\n\0\r\n\r\n"sv);
}

TEST(redis_reply, tells_the_kinds_of_replies_apart) {
    reply_reader reader;
    reader.feed("$3\r\nabc\r\n+OK\r\n:-7\r\n$-1\r\n-ERR no\r\n*2\r\n:1\r\n$0\r\n\r\n");
    EXPECT_EQ(reader.next()->text(), "abc");
    EXPECT_EQ(reader.next()->text(), "OK");
    EXPECT_EQ(reader.next()->integer(), -7);
    const auto nil = reader.next();
    EXPECT_EQ(nil->text(), std::nullopt);
    EXPECT_EQ(nil->integer(), std::nullopt);
    EXPECT_FALSE(nil->is_error());
    const auto error = reader.next();
    EXPECT_TRUE(error->is_error());
    EXPECT_EQ(error->error(), "ERR no");
    EXPECT_EQ(error->text(), std::nullopt);
    const auto array = reader.next();
    ASSERT_EQ(array->size(), 2u);
    EXPECT_EQ((*array)[0].integer(), 1);
    EXPECT_EQ((*array)[1].text(), "");
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.is_broken());
}

TEST(redis_reply, a_reply_may_come_byte_by_byte) {
    reply_reader reader;
    const std::string bytes = "*2\r\n$5\r\nhello\r\n:12\r\n";
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
        reader.feed({&bytes[i], 1});
        ASSERT_FALSE(reader.next()) << i;
    }
    reader.feed("\n");
    const auto whole = reader.next();
    ASSERT_TRUE(whole);
    EXPECT_EQ((*whole)[0].text(), "hello");
    EXPECT_EQ((*whole)[1].integer(), 12);
}

TEST(redis_reply, what_is_no_reply_breaks_the_reader_for_good) {
    reply_reader reader;
    reader.feed("HTTP/1.1 400 Bad Request\r\n");
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.is_broken());
    reader.feed("+OK\r\n");
    EXPECT_FALSE(reader.next());
}

}  // namespace
}  // namespace userinfo::redis
