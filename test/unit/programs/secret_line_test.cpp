#include "programs/secret_line.h"

#include <string>
#include <string_view>
#include <system_error>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file_descriptor.h"

namespace userinfo::programs {
namespace {

// What is read from a pipe that gives `text` and ends; "(none)" for nothing.
std::string line_of(std::string_view text) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const file_descriptor from(ends[0]);
    {
        const file_descriptor to(ends[1]);
        EXPECT_EQ(::write(to.number(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    const auto line = read_secret_line(from.number());
    return line ? std::string(line->view()) : "(none)";
}

TEST(secret_line, is_the_first_one_without_its_end) {
    EXPECT_EQ(line_of("a phrase\n"), "a phrase");
    EXPECT_EQ(line_of("a phrase"), "a phrase");
    EXPECT_EQ(line_of("a phrase\nand more\n"), "a phrase");
    EXPECT_EQ(line_of("\nand more\n"), "");
    EXPECT_EQ(line_of(""), "(none)");
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

TEST(secret_line, throws_if_there_is_nothing_to_read_from) { EXPECT_THROW(read_secret_line(-1), std::system_error); }

}  // namespace
}  // namespace userinfo::programs
