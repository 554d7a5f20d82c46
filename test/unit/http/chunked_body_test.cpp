#include "http/chunked_body.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace userinfo::http {
namespace {

using status = chunked_body::status;

struct decoded {
    chunked_body::status status;
    std::string body;
    std::size_t consumed = 0;
};

// Decodes in pieces of `step` bytes.
decoded decode(std::string_view text, std::size_t step, std::size_t limit = 1000) {
    chunked_body body(limit);
    decoded all{.status = status::incomplete, .body = {}};
    while (all.status == status::incomplete && !text.empty()) {
        std::string piece(text.substr(0, step));
        text.remove_prefix(piece.size());
        const auto outcome = body.decode(piece.data(), piece.size());
        all.status = outcome.status;
        all.body.append(piece.data(), outcome.produced);
        all.consumed += outcome.consumed;
    }
    return all;
}

TEST(chunked_body, is_decoded_the_same_in_whatever_pieces_it_comes) {
    const std::string text = "5\r\nhello\r\n0A;name=\"v\"\r\n, \r\n0\r\nend\r\n000\r\nTrailer: x\r\n\r\n";
    for (std::size_t step = 1; step <= text.size() + 4; ++step) {
        const auto all = decode(text + "GET ", step);
        EXPECT_EQ(all.status, status::complete) << step;
        EXPECT_EQ(all.body, "hello, \r\n0\r\nend") << step;
        EXPECT_EQ(all.consumed, text.size()) << step;
    }
}

TEST(chunked_body, may_be_empty) { EXPECT_EQ(decode("0\r\n\r\n", 1).status, status::complete); }

TEST(chunked_body, is_incomplete_until_the_empty_line) {
    const std::string_view text = "1\r\na\r\n0\r\nT: x\r\n\r\n";
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_EQ(decode(text.substr(0, size), 100).status, status::incomplete) << size;
}

TEST(chunked_body, is_malformed_where_others_might_read_it_differently) {
    using namespace std::string_literals;
    for (const auto& text : {"x\r\n"s,
                             "\r\n"s,
                             "-1\r\n"s,
                             "+1\r\na\r\n"s,
                             "0x1\r\na\r\n"s,
                             " 1\r\na\r\n"s,
                             "1 \r\na\r\n"s,
                             "1\na\r\n"s,
                             "1\r\naX\n"s,
                             "1\r\na\n"s,
                             "1\r\nab\r\n"s,
                             "1\rXa"s,
                             "1;a\nb\r\n"s,
                             "1;a\0\r\n"s,
                             "1;a\rb"s,
                             "0\r\n\n"s,
                             "0\r\nT: x\n"s,
                             "0\r\n T: x\r\n"s,
                             "0\r\n\rX"s,
                             "0\r\nT: \x01\r\n"s,
                             "0000000000000001\r\na\r\n"s,
                             "FFFFFFFFFFFFFFFFF\r\n"s})
        EXPECT_EQ(decode(text, 1).status, status::malformed) << text;
}

TEST(chunked_body, is_refused_as_soon_as_a_size_passes_the_limit) {
    EXPECT_EQ(decode("A\r\n0123456789\r\n0\r\n\r\n", 1, 10).status, status::complete);
    EXPECT_EQ(decode("B\r\n", 1, 10).status, status::too_large);
    EXPECT_EQ(decode("8\r\n01234567\r\n3\r\n", 1, 10).status, status::too_large);
    EXPECT_EQ(decode("FFFFFFFFFFFFFFF\r\n", 1, 10).status, status::too_large);
}

TEST(chunked_body, may_not_hide_much_in_extensions_and_trailers) {
    EXPECT_EQ(decode("1;" + std::string(9000, 'x') + "\r\n", 100).status, status::malformed);
    EXPECT_EQ(decode("0\r\nT: " + std::string(9000, 'x') + "\r\n", 100).status, status::malformed);
    std::string many = "0\r\n";
    for (int i = 0; i < 9000; ++i) many += "a\r\n";
    EXPECT_EQ(decode(many, 100).status, status::malformed);
}

}  // namespace
}  // namespace userinfo::http
