// The server on several threads: it answers everybody, and stops while they ask.
#include <atomic>

#include <gtest/gtest.h>

#include "http/listener.h"
#include "support/eventually.h"
#include "support/threads.h"
#include "unit/http/test_client.h"
#include "unit/http/test_handler.h"

namespace userinfo::http {
namespace {

using test::eventually;
using test::run_threads;

TEST(listener, answers_every_request_of_clients_that_come_at_once) {
    test_server server;
    run_threads(4, [&](std::size_t thread) {
        const auto path = "/" + std::to_string(thread);
        for (int i = 0; i < 10; ++i) {
            test_client client(server.listener.local_address());
            for (int j = 0; j < 10; ++j) {
                client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
                ASSERT_TRUE(client.receive_reply().contains("GET " + path + " "));
            }
        }
    });
    EXPECT_EQ(server.handler.requests, 400);
    EXPECT_TRUE(eventually([&] { return server.listener.open_connections() == 0; }));
}

TEST(listener, stops_while_clients_ask_and_answers_what_it_began) {
    for (int round = 0; round < 5; ++round) {
        test_server server;
        std::vector<std::unique_ptr<test_client>> clients;
        for (int i = 0; i < 4; ++i) clients.push_back(std::make_unique<test_client>(server.listener.local_address()));
        for (const auto& client : clients) client->send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
        ASSERT_TRUE(eventually([&] { return server.handler.waiting == 4; }));
        std::jthread release([&] { server.handler.released = true; });
        EXPECT_EQ(server.listener.drain(std::chrono::seconds(20)), 0u);
        for (const auto& client : clients) EXPECT_TRUE(client->receive_all().contains("GET /wait "));
    }
}

TEST(listener, cuts_off_who_does_not_end_in_time) {
    test_server server;
    test_client client(server.listener.local_address());
    client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(eventually([&] { return server.handler.waiting == 1; }));
    EXPECT_EQ(server.listener.drain(std::chrono::milliseconds(0)), 1u);
}

}  // namespace
}  // namespace userinfo::http
