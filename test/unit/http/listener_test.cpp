#include "http/listener.h"

#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/http/test_client.h"
#include "unit/http/test_handler.h"

namespace userinfo::http {
namespace {

using namespace std::chrono_literals;

std::string get(const std::string& path, const std::string& headers = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}

bool says(const std::string& reply, std::string_view text) { return reply.contains(text); }

TEST(listener, answers_requests_one_after_the_other_on_one_connection) {
    test_server server;
    test_client client(server.listener.local_address());
    for (int i = 0; i < 3; ++i) {
        client.send(get("/" + std::to_string(i)));
        const auto reply = client.receive_reply();
        EXPECT_TRUE(reply.starts_with("HTTP/1.1 200 OK\r\nDate: ")) << reply;
        EXPECT_TRUE(reply.ends_with("\r\n\r\nGET /" + std::to_string(i) + "  127.0.0.1")) << reply;
        EXPECT_FALSE(says(reply, "Connection:"));
        EXPECT_FALSE(says(reply, "Server:"));
    }
    EXPECT_EQ(server.listener.open_connections(), 1U);
}

TEST(listener, answers_pipelined_requests_in_their_order) {
    test_server server;
    test_client client(server.listener.local_address());
    std::string all;
    for (int i = 0; i < 200; ++i) all += get("/" + std::to_string(i));
    client.send(all);
    for (int i = 0; i < 200; ++i) EXPECT_TRUE(says(client.receive_reply(), "GET /" + std::to_string(i) + " "));
}

TEST(listener, sends_no_body_to_head) {
    test_server server;
    test_client client(server.listener.local_address());
    client.send("HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\n" + get("/next"));
    const auto reply = client.receive_reply(false);
    EXPECT_TRUE(says(reply, "Content-Length: 20\r\n")) << reply;
    EXPECT_TRUE(says(client.receive_reply(), "GET /next"));
}

TEST(listener, ends_the_connection_when_either_side_wants_to) {
    test_server server;
    for (const auto& request :
         {get("/", "Connection: close\r\n"), get("/last"), std::string("GET / HTTP/1.0\r\n\r\n")}) {
        test_client client(server.listener.local_address());
        client.send(request);
        EXPECT_TRUE(says(client.receive_all(), "\r\nConnection: close\r\n"));
    }
}

TEST(listener, keeps_a_connection_of_http_1_0_alive_if_asked_to) {
    test_server server;
    test_client client(server.listener.local_address());
    for (int i = 0; i < 2; ++i) {
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        EXPECT_TRUE(says(client.receive_reply(), "\r\nConnection: keep-alive\r\n"));
    }
}

TEST(listener, reads_bodies_with_a_length_and_in_chunks) {
    test_server server;
    test_client client(server.listener.local_address());
    client.send("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_TRUE(says(client.receive_reply(), "PUT /a hello "));
    client.send("POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n");
    client.send("2\r\nlo\r\n0\r\n\r\n");
    EXPECT_TRUE(says(client.receive_reply(), "POST /b hello "));
    const std::string large(60'000, 'y');
    client.send("POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n" + large);
    EXPECT_TRUE(says(client.receive_reply(), "POST /c " + large + " "));
}

TEST(listener, lets_a_client_that_expects_it_continue) {
    test_server server;
    test_client client(server.listener.local_address());
    client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.receive_reply(), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hi");
    EXPECT_TRUE(says(client.receive_reply(), "PUT / hi "));
}

TEST(listener, does_not_ask_for_a_body_that_is_too_large) {
    test_server server({.body_bytes = 10});
    test_client client(server.listener.local_address());
    client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 413 "));
}

TEST(listener, turns_away_and_closes) {
    test_server server({.header_bytes = 1000, .body_bytes = 10});
    const std::vector<std::pair<std::string, std::string>> cases{
        {"garbage\r\n\r\n", "400"},
        {"\x16\x03\x01", "400"},
        {"GET / HTTP/1.1\r\n\r\n", "400"},
        {get("/", "Host: b\r\n"), "400"},
        {get("/", "Content-Length: 1\r\nContent-Length: 2\r\n"), "400"},
        {get("/", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), "400"},
        {get("/", "X: " + std::string(5000, 'x') + "\r\n"), "431"},
        {get("/", "Content-Length: 11\r\n"), "413"},
        {get("/", "Transfer-Encoding: chunked\r\n") + "b\r\n", "413"},
        {"GET / HTTP/2.0\r\n\r\n", "505"},
    };
    for (const auto& [request, status] : cases) {
        test_client client(server.listener.local_address());
        client.send(request);
        const auto reply = client.receive_all();
        EXPECT_TRUE(reply.starts_with("HTTP/1.1 " + status + " ")) << request << reply;
        EXPECT_TRUE(says(reply, "\r\nConnection: close\r\n")) << reply;
        EXPECT_TRUE(reply.ends_with("rejected: " + status + " 127.0.0.1")) << reply;
    }
    EXPECT_EQ(server.handler.requests, 0);
}

TEST(listener, lets_a_client_read_why_its_upload_was_turned_away) {
    test_server server({.body_bytes = 10});
    test_client client(server.listener.local_address());
    client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
    client.send(std::string(3'000'000, 'x'));
    EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 413 "));
}

TEST(listener, lets_a_client_read_the_last_reply_whatever_else_it_has_sent) {
    test_server server;
    test_client client(server.listener.local_address());
    client.send(get("/last") + std::string(3'000'000, 'x'));
    EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 200 "));
}

TEST(listener, answers_a_client_that_has_shut_down_its_sending_side) {
    test_server server;
    test_client client(server.listener.local_address());
    client.send(get("/1") + get("/2"));
    client.shut_down_sending();
    const auto all = client.receive_all();
    EXPECT_TRUE(says(all, "GET /1 ") && says(all, "GET /2 ")) << all;
}

TEST(listener, tells_a_client_that_its_request_has_ended_too_early) {
    test_server server;
    for (const auto& part : {std::string("GET / HT"), get("/").substr(0, 20),
                             std::string("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")}) {
        test_client client(server.listener.local_address());
        client.send(part);
        client.shut_down_sending();
        EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 400 ")) << part;
    }
    EXPECT_EQ(server.handler.requests, 0);
}

TEST(listener, serves_a_connection_again_that_has_rested) {
    test_server server({.idle_time = 400ms});
    test_client client(server.listener.local_address());
    for (int i = 0; i < 3; ++i) {
        client.send(get("/"));
        EXPECT_TRUE(says(client.receive_reply(), "GET / "));
        EXPECT_TRUE(client.is_left_waiting(250ms));  // more than half of the idle time
    }
}

TEST(listener, forgets_clients_that_go_in_the_middle_of_anything) {
    test_server server;
    for (const auto& part : {std::string(), std::string("GET / HT"), get("/wait"), get("/large"),
                             std::string("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")})
        for (const bool reset : {false, true}) {
            test_client client(server.listener.local_address());
            client.send(part);
            if (reset) client.abort();
        }
    EXPECT_TRUE(server.becomes_true([&] { return server.handler.waiting == 2; }));
    server.handler.released = true;
    EXPECT_TRUE(server.becomes_true([&] { return server.listener.open_connections() == 0; }));
}

TEST(listener, sends_a_large_reply_whole) {
    test_server server;
    test_client client(server.listener.local_address());
    client.send(get("/large"));
    EXPECT_EQ(client.receive_reply().size() / 1000, 20'000U);
    client.send(get("/"));
    EXPECT_TRUE(says(client.receive_reply(), "GET / "));
}

TEST(listener, serves_ipv6) {
    test_handler handler;
    metrics metrics;
    net::refused_connections refused(metrics, "test", {net::refusal::full, net::refusal::source});
    net::io_threads threads(1);
    try {
        const listener six(threads, net::address::parse("[::1]:0"), handler, {}, refused);
        EXPECT_EQ(six.local_address().host, "::1");
    } catch (const std::runtime_error& error) {
        GTEST_SKIP() << error.what();
    }
}

TEST(listener, says_so_if_the_port_is_taken) {
    test_server server;
    try {
        const listener second(server.threads, server.listener.local_address(), server.handler, {}, server.refused);
        FAIL();
    } catch (const std::runtime_error& error) {
        EXPECT_EQ(error.what(), server.listener.local_address().to_string() + " is in use");
    }
}

TEST(listener_death_test, ends_the_program_if_a_handler_throws) {
    class broken final : public handler {
        task<reply> handle(const request&) override {
            throw std::logic_error("a bug");
            co_return reply{};
        }
        reply reject(rejection, std::string_view) override { return {}; }
    };
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(
        {
            broken handler;
            metrics metrics;
            net::refused_connections refused(metrics, "test", {net::refusal::full, net::refusal::source});
            net::io_threads threads(1);
            const listener listener(threads, net::address{.host = "127.0.0.1", .port = 0}, handler, {}, refused);
            test_client client(listener.local_address());
            client.send(get("/"));
            client.receive_reply();
        },
        "a bug");
}

}  // namespace
}  // namespace userinfo::http
