// The end of connections that carry no call.
#include <gtest/gtest.h>

#include "support/eventually.h"
#include "support/http2_client.h"
#include "support/scripted_rpc.h"

namespace userinfo::h2 {
namespace {

using namespace std::chrono_literals;
using namespace test;
using progress = reply::progress;

TEST(idle_connection, ends) {
    const scripted_rpc server(echo, nullptr, "127.0.0.1:0", {.idle_time = 50ms});
    http2_client client(server.local_address());
    EXPECT_TRUE(client.finish(client.call("/test.Test/Call", "hello")));
    EXPECT_FALSE(client.receive_until([] { return false; }));
    EXPECT_EQ(server.idle_ended(), 1);
}

TEST(idle_connection, is_none_that_carries_a_call) {
    gate gate;
    scripted_rpc server(std::ref(gate), nullptr, "127.0.0.1:0", {.idle_time = 50ms});
    rpc_caller busy(server.target());
    auto outcome = busy.begin({.message = "hello"});
    EXPECT_TRUE(eventually([&] { return gate.waiting == 1; }));
    http2_client idle(server.local_address());
    idle.call("/test.Test/Call", "");
    EXPECT_TRUE(eventually([&] { return gate.waiting == 2; }));
    for (int i = 0; i < 3; ++i) {  // others come and go
        const http2_client other(server.local_address());
        other.tcp().send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + std::string("\0\0\0\4\0\0\0\0\0", 9));
        EXPECT_TRUE(eventually([&] { return server.idle_ended() == i + 1; }));
    }
    EXPECT_EQ(busy.told(), std::vector<bool>());
    gate.released = true;
    EXPECT_EQ(outcome.get().message.view(), "hello");
}

// Calls that are made while the connection ends are answered, or were not begun: these are made again on the next one.
TEST(idle_connection, of_a_channel_is_replaced_and_loses_no_call) {
    const scripted_rpc server(echo, nullptr, "127.0.0.1:0", {.idle_time = 10ms});
    rpc_caller caller(server.target());
    ASSERT_TRUE(caller.is_answered());
    for (int round = 0; round < 20; ++round) {
        const auto ended = server.idle_ended();
        EXPECT_TRUE(eventually([&] { return server.idle_ended() > ended; }));
        for (int i = 0; i < 20; ++i) {
            auto got = caller.ask({.message = "hello"});
            if (got.came == progress::unsent) got = caller.ask({.message = "hello"});
            EXPECT_EQ(got.message.view(), "hello") << got.status.message;
        }
    }
}

}  // namespace
}  // namespace userinfo::h2
