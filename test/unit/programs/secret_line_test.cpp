#include "programs/secret_line.h"

#include <string>
#include <string_view>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file_descriptor.h"

namespace userinfo::programs {
namespace {

// What is read from a pipe that gives `text` and ends.
result<secret_string> read_from_pipe(std::string_view text) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const file_descriptor from(ends[0]);
    {
        const file_descriptor to(ends[1]);
        EXPECT_EQ(::write(to.number(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    return read_secret_line(from.number());
}

std::string line_of(std::string_view text) {
    const auto line = read_from_pipe(text);
    return line ? std::string(line->view()) : "refused: " + line.error().message;
}

TEST(secret_line, is_the_first_one_without_its_end) {
    EXPECT_EQ(line_of("a phrase\n"), "a phrase");
    EXPECT_EQ(line_of("a phrase"), "a phrase");
    EXPECT_EQ(line_of("a phrase\nand more\n"), "a phrase");
    EXPECT_EQ(line_of("\nand more\n"), "");
    EXPECT_EQ(line_of(""), "refused: no password on standard input");
}

TEST(secret_line, ends_with_one_line_end_of_unix_or_windows) {
    EXPECT_EQ(line_of("a phrase\r\n"), "a phrase");
    EXPECT_EQ(line_of("\r\n"), "");
    EXPECT_EQ(line_of(" a phrase \r\n"), " a phrase ");
}

TEST(secret_line, begins_after_a_byte_order_mark) {
    EXPECT_EQ(line_of("\xef\xbb\xbf"
                      "a phrase\r\n"),
              "a phrase");
    EXPECT_EQ(line_of("\xef\xbb\xbf\n"), "");
    EXPECT_EQ(line_of("a\xef\xbb\xbf phrase\n"), "a\xef\xbb\xbf phrase") << "elsewhere it is a character";
    EXPECT_EQ(line_of("\xef\xbb\xbf\xef\xbb\xbf"
                      "a phrase\n"),
              "\xef\xbb\xbf"
              "a phrase");
}

TEST(secret_line, has_no_other_carriage_return) {
    for (const auto* text : {"a\rphrase\n", "a phrase\r\r\n", "a phrase\r", "\ra phrase\n"}) {
        const auto line = read_from_pipe(text);
        ASSERT_FALSE(line) << text;
        EXPECT_EQ(line.error().code, errc::invalid_argument);
        EXPECT_TRUE(line.error().message.contains("carriage return")) << line.error().message;
    }
}

TEST(secret_line, is_read_as_far_as_any_password_reaches) {
    EXPECT_EQ(line_of(std::string(4095, 'x') + "\n"), std::string(4095, 'x'));
    EXPECT_EQ(line_of(std::string(5000, 'x') + "\n"), std::string(4096, 'x'));
}

TEST(secret_line, comes_in_whatever_pieces) {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);  // each read gives what one write gave
    const file_descriptor from(ends[0]);
    const file_descriptor to(ends[1]);
    for (const std::string_view piece : {"a ph", "rase", "\nan", "d more"})
        ASSERT_EQ(::write(to.number(), piece.data(), piece.size()), static_cast<ssize_t>(piece.size()));
    EXPECT_EQ(read_secret_line(from.number()).value().view(), "a phrase");
}

TEST(secret_line, says_why_it_cannot_be_read) {
    EXPECT_EQ(read_secret_line(-1).error().message, "standard input is closed: the password is its first line");
    const file_descriptor folder(::open("/", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(read_secret_line(folder.number()).error().message, "standard input cannot be read: Is a directory");
}

}  // namespace
}  // namespace userinfo::programs
