// Methods that take exactly one message.
#include <atomic>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/eventually.h"
#include "support/http2_client.h"
#include "support/scripted_rpc.h"

namespace userinfo::h2 {
namespace {

using namespace test;

constexpr auto path = "/test.Test/Call";

class read_single : public testing::Test {
protected:
    void expect_refused(const http2_client::stream& got) {
        EXPECT_TRUE(client_.finish(got));
        EXPECT_EQ(got.fields.at("grpc-status"), std::to_string(static_cast<int>(status_code::unimplemented)));
        EXPECT_TRUE(got.messages.empty());
        EXPECT_TRUE(eventually([this] { return begun_ == ended_; }));
    }

    const std::string message_ = http2_client::framed("x");
    std::atomic<int> begun_ = 0, ended_ = 0;
    scripted_rpc server_{[this](server_call& call) -> task<void> {
        ++begun_;
        if (co_await call.read_single()) co_await wait_for_leaving(call);
        call.finish({});
        ++ended_;
    }};
    http2_client client_{server_.local_address()};
};

TEST_F(read_single, ends_a_call_that_begins_with_two_messages) {
    expect_refused(client_.send(http2_client::call_head(path), message_ + message_));
    expect_refused(client_.send_open(http2_client::call_head(path), message_ + message_ + message_));
    expect_refused(client_.send_open(http2_client::call_head(path), message_ + message_.substr(0, 1)));
}

TEST_F(read_single, ends_a_call_under_way_with_the_first_byte_of_a_second_message) {
    const auto& got = client_.call_open(path, "x");
    ASSERT_TRUE(eventually([this] { return begun_ == 1; }));
    client_.send_more(got, message_.substr(0, 1));
    expect_refused(got);
}

TEST_F(read_single, leaves_the_other_calls_of_the_connection_alone) {
    const scripted_rpc echoes([](server_call& call) -> task<void> {
        const auto message = co_await call.read_single();
        if (message) call.write(message->view());
        call.finish({});
    });
    http2_client client(echoes.local_address());
    const auto& refused = client.send_open(http2_client::call_head(path), message_ + message_);
    const auto& whole = client.call(path, "one");
    const auto& open = client.call_open(path, "one");
    for (const auto* each : {&refused, &whole, &open}) EXPECT_TRUE(client.finish(*each));
    EXPECT_EQ(whole.messages, std::vector<std::string>{"one"});
    EXPECT_EQ(open.messages, std::vector<std::string>{"one"});
}

}  // namespace
}  // namespace userinfo::h2
