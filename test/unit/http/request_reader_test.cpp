#include "http/request_reader.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace userinfo::http {
namespace {

using progress = request_reader::progress;

class reader_of {
public:
    explicit reader_of(std::size_t header_limit = 2000, std::size_t body_limit = 100'000)
        : reader(header_limit, body_limit, "192.0.2.1") {}

    // Gives it `text` in pieces of at most `step` bytes, until it has a request or refuses one.
    request_reader::progress give(std::string_view text, std::size_t step = 1 << 20) {
        auto state = reader.parse();
        while (state == progress::incomplete && !text.empty()) {
            const auto room = reader.room();
            const auto size = std::min({room.size(), text.size(), step});
            std::ranges::fill(room, '\0');  // what the reader does not write counts as wiped
            std::memcpy(room.data(), text.data(), size);
            reader.received(size);
            text.remove_prefix(size);
            state = reader.parse();
        }
        return state;
    }

    request_reader reader;
};

TEST(request_reader, reads_all_parts_of_a_request_in_whatever_pieces_it_comes) {
    const std::string_view text =
        "PUT /api/a%20b?x=1?2 HTTP/1.1\r\nHost: example.org:80\r\nX-Empty:\r\nX-Padded: \t v w \t\r\n"
        "content-length: 5\r\n\r\nhello";
    for (std::size_t step = 1; step <= text.size(); ++step) {
        reader_of r;
        ASSERT_EQ(r.give(text, step), progress::complete) << step;
        const auto& request = r.reader.request();
        EXPECT_EQ(request.method, method::put);
        EXPECT_EQ(request.path, "/api/a%20b");
        EXPECT_EQ(request.query, "x=1?2");
        EXPECT_EQ(request.body, "hello");
        EXPECT_EQ(request.peer_address, "192.0.2.1");
        ASSERT_EQ(request.headers.size(), 4U);
        EXPECT_EQ(request.headers[1].name, "X-Empty");
        EXPECT_EQ(request.headers[1].value, "");
        EXPECT_EQ(request.header_value("x-padded"), "v w");
        EXPECT_EQ(request.count_headers("HOST"), 1U);
        EXPECT_TRUE(r.reader.keep_alive());
    }
}

TEST(request_reader, keeps_its_views_right_while_a_large_body_makes_the_buffer_grow) {
    const std::string body(70'000, 'b');
    const std::string head = "POST /here?q HTTP/1.1\r\nHost: a\r\nX-Token: abc\r\n";
    const std::string with_length = head + "Content-Length: 70000\r\n\r\n" + body;
    const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n11170\r\n" + body + "\r\n0\r\n\r\n";
    for (const auto& text : {with_length, chunked})
        for (const std::size_t step : {1000, 100'000}) {
            reader_of r;
            ASSERT_EQ(r.give(text, step), progress::complete);
            const auto& request = r.reader.request();
            EXPECT_EQ(request.path, "/here");
            EXPECT_EQ(request.query, "q");
            EXPECT_EQ(request.header_value("X-Token"), "abc");
            EXPECT_TRUE(request.body == body);
        }
}

TEST(request_reader, gives_pipelined_requests_one_after_the_other) {
    std::string text;
    for (int i = 0; i < 300; ++i) {
        text += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
        text += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n";
        text += "2\r\nde\r\n0\r\n\r\n";
    }
    for (const std::size_t step : {1, 7, 1000, 100'000}) {
        reader_of r;
        std::string_view rest = text;
        std::vector<std::string> seen;
        for (;;) {
            while (r.reader.parse() == progress::complete) {
                seen.push_back(std::string(r.reader.request().path) + " " + std::string(r.reader.request().body));
                r.reader.next();
            }
            if (rest.empty()) break;
            const auto room = r.reader.room();
            const auto size = std::min({room.size(), rest.size(), step});
            std::memcpy(room.data(), rest.data(), size);
            r.reader.received(size);
            rest.remove_prefix(size);
        }
        ASSERT_EQ(seen.size(), 600U);
        EXPECT_EQ(seen[598], "/299 abc");
        EXPECT_EQ(seen[599], "/299 de");
        EXPECT_TRUE(r.reader.is_empty());
    }
}

TEST(request_reader, skips_one_empty_line_before_a_request) {
    EXPECT_EQ(reader_of().give("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 1), progress::complete);
    EXPECT_EQ(reader_of().give("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), progress::rejected);
}

TEST(request_reader, takes_the_absolute_form_of_a_target) {
    const auto path_and_query = [](const std::string& target) {
        reader_of r;
        if (r.give("GET " + target + " HTTP/1.1\r\nHost: a.org\r\n\r\n") != progress::complete) return std::string("-");
        return std::string(r.reader.request().path) + "|" + std::string(r.reader.request().query);
    };
    EXPECT_EQ(path_and_query("http://a.org/x?y"), "/x|y");
    EXPECT_EQ(path_and_query("HTTPS://A.org/x"), "/x|");
    EXPECT_EQ(path_and_query("http://a.org"), "/|");
    EXPECT_EQ(path_and_query("http://a.org?y"), "/|y");
    EXPECT_EQ(path_and_query("/?"), "/|");
    EXPECT_EQ(path_and_query("http://b.org:81/x"), "/x|") << "the target goes before Host";
    for (const auto refused : {"http://u@a.org/x", "http://a b/x", "http://a\\b/x", "http:///x", "ftp://a.org/",
                               "a.org:80", "*", "x", "/x#y", "?"})
        EXPECT_EQ(path_and_query(refused), "-") << refused;
}

TEST(request_reader, takes_the_forms_of_a_target_that_have_no_path) {
    const auto path_of = [](const std::string& line) {
        reader_of r;
        const auto state = r.give(line + " HTTP/1.1\r\nHost: a\r\n\r\n");
        return state == progress::complete ? std::string(r.reader.request().path) : std::string("-");
    };
    EXPECT_EQ(path_of("OPTIONS *"), "*");
    EXPECT_EQ(path_of("OPTIONS http://a.org"), "*");
    EXPECT_EQ(path_of("OPTIONS http://a.org/"), "/");
    EXPECT_EQ(path_of("OPTIONS http://a.org?x"), "/");
    EXPECT_EQ(path_of("CONNECT a.org:443"), "*");
    EXPECT_EQ(path_of("CONNECT [::1]:443"), "*");
    EXPECT_EQ(path_of("CONNECT /x"), "/x");
    for (const auto* line :
         {"GET *", "HEAD *", "CONNECT *", "OPTIONS *?", "OPTIONS **", "OPTIONS a:1", "CONNECT a",
          "CONNECT a:", "CONNECT :1", "CONNECT a:x", "CONNECT a:65536", "CONNECT u@a:1", "CONNECT a:1/", "BREW *"})
        EXPECT_EQ(path_of(line), "-") << line;
}

TEST(request_reader, tells_the_methods_of_http_from_unknown_ones) {
    const auto method_of = [](const std::string& name) {
        reader_of r;
        EXPECT_EQ(r.give(name + " / HTTP/1.1\r\nHost: a\r\n\r\n"), progress::complete) << name;
        return r.reader.request().method;
    };
    for (const auto* name : {"PATCH", "TRACE", "CONNECT"}) EXPECT_EQ(method_of(name), method::other) << name;
    for (const auto* name : {"BREW", "PROPFIND", "get", "GETS", "GE", "M-SEARCH"})
        EXPECT_EQ(method_of(name), method::unknown) << name;
    EXPECT_EQ(method_of("OPTIONS"), method::options);
}

TEST(request_reader, knows_whether_the_connection_goes_on) {
    const auto keep_alive = [](const std::string& version, const std::string& connection) {
        reader_of r;
        EXPECT_EQ(r.give("GET / " + version + "\r\nHost: a\r\n" + connection + "\r\n"), progress::complete);
        return r.reader.keep_alive();
    };
    EXPECT_TRUE(keep_alive("HTTP/1.1", ""));
    EXPECT_FALSE(keep_alive("HTTP/1.1", "Connection: close\r\n"));
    EXPECT_FALSE(keep_alive("HTTP/1.1", "Connection: Upgrade, Close\r\n"));
    EXPECT_FALSE(keep_alive("HTTP/1.0", ""));
    EXPECT_TRUE(keep_alive("HTTP/1.0", "Connection: Keep-Alive\r\n"));
}

TEST(request_reader, serves_a_later_minor_version_as_its_own) {
    const std::string rest = "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\n";
    for (const auto* version : {"HTTP/1.2", "HTTP/1.9"})
        for (const std::size_t step : {1, 1000}) {
            reader_of r;
            ASSERT_EQ(r.give(std::string("POST /HTTP/1.2?x ") + version + "\r\n" + rest, step), progress::complete)
                << version;
            EXPECT_EQ(r.reader.request().path, "/HTTP/1.2");
            EXPECT_EQ(r.reader.request().body, "b");
            EXPECT_TRUE(r.reader.keep_alive());
            EXPECT_FALSE(r.reader.is_http_1_0());
        }
}

TEST(request_reader, expects_a_continue_only_while_nothing_of_the_body_has_come) {
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n";
    reader_of none;
    EXPECT_EQ(none.give(head), progress::incomplete);
    EXPECT_TRUE(none.reader.take_expectation());
    EXPECT_FALSE(none.reader.take_expectation());
    for (const auto* value : {"100-continue,", "other, 100-continue", " ,100-Continue"}) {
        reader_of listed;
        listed.give("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: " + std::string(value) + "\r\n\r\n");
        EXPECT_TRUE(listed.reader.take_expectation()) << value;
    }
    reader_of old;  // HTTP/1.0 has no such reply
    EXPECT_EQ(old.give("POST / HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n"), progress::incomplete);
    EXPECT_FALSE(old.reader.take_expectation());
    reader_of some;
    EXPECT_EQ(some.give(head + "x"), progress::incomplete);
    EXPECT_FALSE(some.reader.take_expectation());
}

TEST(request_reader, gives_back_the_memory_of_a_large_request_when_it_is_empty) {
    reader_of r;
    ASSERT_EQ(r.give("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n" + std::string(50'000, 'x')),
              progress::complete);
    r.reader.next();
    EXPECT_LE(r.reader.room().size(), 4096U);
}

TEST(request_reader, reads_on_after_it_has_given_its_memory_back) {
    request_reader reader(1000, 1000, "a");
    for (int i = 0; i < 2; ++i) {
        reader.give_memory_back();
        const std::string text = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
        const auto room = reader.room();
        ASSERT_GE(room.size(), text.size());
        std::ranges::copy(text, room.begin());
        reader.received(text.size());
        ASSERT_EQ(reader.parse(), request_reader::progress::complete);
        EXPECT_EQ(reader.request().path, "/x");
        reader.next();
        EXPECT_TRUE(reader.is_empty());
    }
}

bool is_wiped(std::string_view memory) {
    return std::ranges::all_of(memory, [](char byte) { return byte == '\0'; });
}

TEST(request_reader, wipes_a_body_when_its_request_has_been_answered) {
    const std::string next_head = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";
    for (const std::size_t step : {1, 7, 1000}) {
        reader_of r;
        ASSERT_EQ(r.give("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 15\r\n\r\npassword=secret" + next_head, step),
                  progress::complete);
        const auto body = r.reader.request().body;
        ASSERT_EQ(body, "password=secret");
        r.reader.next();
        EXPECT_TRUE(is_wiped(body)) << step;
        if (step == 1000) {
            ASSERT_EQ(r.reader.parse(), progress::complete) << "what came behind it stays";
            EXPECT_EQ(r.reader.request().path, "/next");
        }
    }
}

TEST(request_reader, wipes_what_the_chunks_of_a_body_leave_behind) {
    const std::string text =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "9\r\npassword=\r\n3\r\nsec\r\n3\r\nret\r\n0\r\n\r\n";
    for (std::size_t step = 1; step <= text.size(); ++step) {
        reader_of r;
        ASSERT_EQ(r.give(text, step), progress::complete);
        const auto body = r.reader.request().body;
        ASSERT_EQ(body, "password=secret");
        r.reader.next();
        const auto chunks_size = text.size() - text.find("9\r\n");
        EXPECT_TRUE(is_wiped(std::string_view(body.data(), chunks_size))) << step;
    }
}

}  // namespace
}  // namespace userinfo::http
