// What a handler is told of a client that goes while it works.
#include "net/client_left.h"

#include <gtest/gtest.h>

#include "unit/http/test_client.h"
#include "unit/http/test_handler.h"

namespace userinfo::http {
namespace {

const std::string wait = "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n";

struct waiting_request {
    explicit waiting_request(const std::string& sent = wait) {
        client.send(sent);
        EXPECT_TRUE(server.becomes_true([&] { return server.handler.waiting == 1; }));
    }

    bool is_seen_to_leave() {
        return server.becomes_true([&] { return server.handler.client_left(); });
    }

    test_server server;
    test_client client{server.listener.local_address()};
};

TEST(client_left, is_false_as_long_as_the_client_waits) {
    waiting_request request;
    EXPECT_FALSE(request.server.handler.client_left());
    waiting_request pipelined(wait + wait);
    EXPECT_FALSE(pipelined.server.handler.client_left());
}

TEST(client_left, is_true_once_the_client_has_reset_the_connection) {
    waiting_request request;
    request.client.abort();
    EXPECT_TRUE(request.is_seen_to_leave());
}

TEST(client_left, is_true_of_a_client_that_closed_its_sending_side_and_still_gets_its_answers) {
    waiting_request request(wait + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    request.client.shut_down_sending();
    EXPECT_TRUE(request.is_seen_to_leave());
    request.server.handler.released = true;
    const auto all = request.client.receive_all();
    EXPECT_TRUE(all.contains("GET /wait ") && all.contains("GET /next ")) << all;
}

TEST(client_left, is_true_once_the_listener_has_cut_the_connection_off) {
    waiting_request request;
    request.server.listener.drain(std::chrono::milliseconds(0));
    EXPECT_TRUE(request.is_seen_to_leave());
}

TEST(client_left, may_be_asked_for_a_second_request_of_a_connection) {
    test_server server;
    test_client client(server.listener.local_address());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    client.receive_reply();
    client.send(wait);
    EXPECT_TRUE(server.becomes_true([&] { return server.handler.waiting == 1; }));
    EXPECT_FALSE(server.handler.client_left());
    client.abort();
    EXPECT_TRUE(server.becomes_true([&] { return server.handler.client_left(); }));
}

}  // namespace
}  // namespace userinfo::http
