// What the reader refuses: malformed requests, and those that two servers could read in two ways.
#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "http/request_reader.h"

namespace userinfo::http {
namespace {

using progress = request_reader::progress;
using namespace std::string_literals;

// Why `text` is refused, or nothing if it is not.
std::optional<rejection> why(std::string_view text, std::size_t step) {
    request_reader reader(1000, 100, "::1");
    while (!text.empty()) {
        const auto room = reader.room();
        const auto size = std::min({room.size(), text.size(), step});
        std::memcpy(room.data(), text.data(), size);
        reader.received(size);
        text.remove_prefix(size);
        switch (reader.parse()) {
            case progress::rejected: return reader.why();
            case progress::complete: return std::nullopt;
            case progress::incomplete: break;
        }
    }
    return std::nullopt;
}

void expect_rejection(std::string_view text, rejection expected) {
    for (const std::size_t step : {std::size_t{1}, text.size()})
        EXPECT_EQ(why(text, step), expected) << text << " in pieces of " << step;
}

std::string with_headers(const std::string& headers) { return "POST / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n"; }

TEST(request_rejection, refuses_what_is_not_http) {
    for (const auto& text :
         {"asdf\r\n\r\n"s, "\x16\x03\x01\x02\x00\x01"s, "\r\n\r\n"s, " GET / HTTP/1.1\r\n"s, "GET / HTTP/1.1\n"s,
          "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"s, "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"s,
          "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"s, "GET /\r\n\r\n"s, "GET / HTTP/1.\r\n\r\n"s, "GET / HTTP/x.1\r\n\r\n"s,
          "GET / http/1.1\r\nHost: a\r\n\r\n"s, "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n"s,
          "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"s, "GET\t/ HTTP/1.1\r\n\r\n"s, "G@T / HTTP/1.1\r\n\r\n"s,
          std::string(32, 'A') + "\n", std::string(32, 'A') + "\x01"})
        expect_rejection(text, rejection::malformed);
}

TEST(request_rejection, names_a_method_that_is_longer_than_any) {
    const std::string rest = " / HTTP/1.1\r\nHost: a\r\n\r\n";
    EXPECT_EQ(why(std::string(32, 'A') + rest, 1), std::nullopt);
    expect_rejection(std::string(33, 'A') + rest, rejection::unknown_method);
    expect_rejection(std::string(33, 'A') + "\x01\n", rejection::unknown_method);
    expect_rejection(std::string(100, 'A'), rejection::unknown_method);
}

TEST(request_rejection, names_a_version_that_it_does_not_speak) {
    expect_rejection("GET / HTTP/2.0\r\n\r\n", rejection::version);
    expect_rejection("GET / HTTP/3.1\r\nHost: a\r\n\r\n", rejection::version);
    expect_rejection("GET / HTTP/1.10\r\nHost: a\r\n\r\n", rejection::malformed);
    expect_rejection("GET / HTTP/1.x\r\nHost: a\r\n\r\n", rejection::malformed);
    expect_rejection("GET /HTTP/1.2\r\nHost: a\r\n\r\n", rejection::malformed);
    expect_rejection("GET / HTTP/1.2\r\n\r\n", rejection::malformed);  // without Host
    expect_rejection("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", rejection::version);
    expect_rejection("GET / HTTP/0.9\r\n\r\n", rejection::version);
}

TEST(request_rejection, refuses_lines_that_others_might_split_elsewhere) {
    for (const auto& headers :
         {"X: a\n"s, "X: a\n\r\n"s, "X: a\rb\r\n"s, "X: a\r\r\n"s, "X: a\r\n b\r\n"s, "X:\r\n\tb\r\n"s, "X:\r\n \r\n"s,
          "X : a\r\n"s, " X: a\r\n"s, "X\t: a\r\n"s, "X\r\n"s, ": a\r\n"s, "X: a\0b\r\n"s, "X: \x7f\r\n"s,
          "X: \x0b\r\n"s, "X\0: a\r\n"s, "X(: a\r\n"s, "X\xff: a\r\n"s})
        expect_rejection(with_headers(headers), rejection::malformed);
}

TEST(request_rejection, refuses_ambiguous_framing) {
    for (const auto& headers : {"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"s,
                                "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"s,
                                "Content-Length: 1\r\nContent-Length: 2\r\n"s,
                                "Content-Length: 1\r\nContent-Length: 1\r\n"s,
                                "Content-Length: 1, 1\r\n"s,
                                "Content-Length: 1,2\r\n"s,
                                "Content-Length:\r\n"s,
                                "Content-Length: +1\r\n"s,
                                "Content-Length: -1\r\n"s,
                                "Content-Length: 0x1\r\n"s,
                                "Content-Length: 1 1\r\n"s,
                                "Content-Length: 99999999999999999999\r\n"s,
                                "Transfer-Encoding: gzip\r\n"s,
                                "Transfer-Encoding: identity\r\n"s,
                                "Transfer-Encoding: gzip, chunked\r\n"s,
                                "Transfer-Encoding: chunked, gzip\r\n"s,
                                "Transfer-Encoding:\r\n"s,
                                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"s,
                                "Transfer-Encoding: chunked;q=1\r\n"s,
                                "Transfer-Encoding: xchunked\r\n"s,
                                "Transfer-Encoding: \x0b"
                                "chunked\r\n"s})
        expect_rejection(with_headers(headers), rejection::malformed);
    expect_rejection("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", rejection::malformed);
}

TEST(request_rejection, wants_exactly_one_host) {
    expect_rejection("GET / HTTP/1.1\r\n\r\n", rejection::malformed);
    expect_rejection("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", rejection::malformed);
    expect_rejection("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", rejection::malformed);
    for (const auto host : {"a b", "a/b", "u@a", "a\\b", "a<b", "\xc3\xa4"})
        expect_rejection("GET / HTTP/1.1\r\nHost: "s + host + "\r\n\r\n", rejection::malformed);
    EXPECT_EQ(why("GET / HTTP/1.0\r\n\r\n", 1), std::nullopt);
    EXPECT_EQ(why("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 1), std::nullopt);
}

TEST(request_rejection, limits_the_head) {
    expect_rejection(with_headers("X: " + std::string(2000, 'x') + "\r\n"), rejection::headers_too_large);
    std::string many;
    for (int i = 0; i < 101; ++i) many += "a:\r\n";
    expect_rejection(with_headers(many), rejection::headers_too_large);
}

TEST(request_rejection, limits_the_target_to_half_of_the_head) {
    const auto line_of = [](std::size_t size) { return "GET /" + std::string(size - 15, 'x') + " HTTP/1.1\r"; };
    ASSERT_EQ(line_of(500).size(), 500U);
    EXPECT_EQ(why(line_of(500) + "\nHost: a\r\n\r\n", 1000), std::nullopt);
    expect_rejection(line_of(501) + "\nHost: a\r\n\r\n", rejection::target_too_long);
    expect_rejection(line_of(501) + "\nHost: a\r\nX: " + std::string(2000, 'x'), rejection::target_too_long);
    expect_rejection("GET /?" + std::string(2000, 'x'), rejection::target_too_long);
    expect_rejection("GET http://" + std::string(2000, 'x'), rejection::target_too_long);
    expect_rejection("\x16\x03\x01" + std::string(2000, 'x'), rejection::malformed);
}

TEST(request_rejection, takes_a_head_of_100_fields_or_of_the_limit_and_not_one_more) {
    std::string fields = "Content-Length: 0\r\n";
    while (std::ranges::count(fields, '\n') < 99) fields += "a:\r\n";
    EXPECT_EQ(why(with_headers(fields), 1000), std::nullopt);
    expect_rejection(with_headers(fields + "a:\r\n"), rejection::headers_too_large);

    const auto head_of = [](std::size_t size) {
        const auto rest = with_headers("Content-Length: 0\r\nX: \r\n").size();
        return with_headers("Content-Length: 0\r\nX: " + std::string(size - rest, 'a') + "\r\n");
    };
    EXPECT_EQ(why(head_of(1000), 1000), std::nullopt);
    expect_rejection(head_of(1001), rejection::headers_too_large);
}

TEST(request_rejection, limits_the_body_before_it_comes) {
    EXPECT_EQ(why(with_headers("Content-Length: 100\r\n"), 1), std::nullopt);
    expect_rejection(with_headers("Content-Length: 101\r\n"), rejection::body_too_large);
    expect_rejection(with_headers("Content-Length: 18446744073709551615\r\n"), rejection::body_too_large);
    expect_rejection(with_headers("Transfer-Encoding: chunked\r\n") + "65\r\n", rejection::body_too_large);
    expect_rejection(with_headers("Transfer-Encoding: chunked\r\n") + "x\r\n", rejection::malformed);
}

}  // namespace
}  // namespace userinfo::http
