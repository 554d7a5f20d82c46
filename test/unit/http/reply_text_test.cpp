#include "http/reply_text.h"

#include <gtest/gtest.h>

namespace userinfo::http {
namespace {

std::string text_of(const reply& reply, const reply_options& options = {.date_line = "Date: now\r\n"}) {
    std::string text;
    append_reply(text, reply, options);
    return text;
}

TEST(reply_text, holds_head_and_body) {
    EXPECT_EQ(text_of({.body = "{}", .headers = {{"ETag", "\"1\""}, {"Set-Cookie", "a=b"}}}),
              "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
              "ETag: \"1\"\r\nSet-Cookie: a=b\r\n\r\n{}");
}

TEST(reply_text, holds_fixed_lines_as_they_are) {
    EXPECT_EQ(text_of({.status = 204, .fixed_lines = "A: 1\r\nB: 2\r\n", .headers = {{"C", "3"}}}),
              "HTTP/1.1 204 No Content\r\nDate: now\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n");
}

TEST(reply_text, has_no_content_type_without_content) {
    EXPECT_EQ(text_of({.status = 302, .headers = {{"Location", "/"}}}),
              "HTTP/1.1 302 Found\r\nDate: now\r\nContent-Length: 0\r\nLocation: /\r\n\r\n");
}

TEST(reply_text, has_neither_length_nor_body_where_the_status_forbids_it) {
    EXPECT_EQ(text_of({.status = 204, .body = "x"}), "HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n");
    EXPECT_EQ(text_of({.status = 304, .body = "x"}), "HTTP/1.1 304 Not Modified\r\nDate: now\r\n\r\n");
}

TEST(reply_text, tells_head_the_length_of_the_body_that_it_leaves_out) {
    EXPECT_EQ(text_of({.content_type = "text/html", .body = "12345"}, {.date_line = "", .with_body = false}),
              "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n");
}

TEST(reply_text, says_connection_only_where_it_is_not_implied) {
    EXPECT_TRUE(
        text_of({}, {.date_line = "", .persistence = persistence::close}).contains("\r\nConnection: close\r\n"));
    EXPECT_TRUE(
        text_of({}, {.date_line = "", .persistence = persistence::stated}).contains("\r\nConnection: keep-alive\r\n"));
}

TEST(reply_text, writes_any_status) { EXPECT_TRUE(text_of({.status = 599}).starts_with("HTTP/1.1 599 \r\nDate")); }

TEST(reply_text, does_not_let_a_value_begin_another_header) {
    EXPECT_TRUE(text_of({.headers = {{"Location", "/\r\nSet-Cookie: a=b\n"}}})
                    .contains("\r\nLocation: /  Set-Cookie: a=b \r\n"));
}

TEST(reply_text, dates_in_the_preferred_format) {
    date_line line;
    const std::string text(line.now());
    ASSERT_EQ(text.size(), std::string_view("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n").size());
    EXPECT_TRUE(text.starts_with("Date: "));
    EXPECT_TRUE(text.ends_with(" GMT\r\n"));
    EXPECT_EQ(text[9], ',');
}

}  // namespace
}  // namespace userinfo::http
