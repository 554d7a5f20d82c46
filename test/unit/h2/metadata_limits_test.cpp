// Metadata that are too large, and those that come late.
#include <future>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/http2_client.h"
#include "support/scripted_rpc.h"

namespace userinfo::h2 {
namespace {

using namespace test;

constexpr auto path = "/test.Test/Call";

class metadata_limits : public testing::Test {
protected:
    bool is_answered() {
        const auto& got = client_.call(path, "x");
        return client_.finish(got) && got.messages == std::vector<std::string>{"x"};
    }

    const http2_client::stream& send(std::size_t count, const http2_client::fields::value_type& field) {
        auto head = http2_client::call_head(path);
        head.insert(head.end(), count, field);
        return client_.send(head, http2_client::framed("x"));
    }

    void expect_too_large(std::size_t count, const http2_client::fields::value_type& field) {
        const auto& got = send(count, field);
        EXPECT_TRUE(client_.finish(got));
        EXPECT_EQ(got.fields.at("grpc-status"), std::to_string(static_cast<int>(status_code::resource_exhausted)));
        EXPECT_TRUE(is_answered());
    }

    scripted_rpc server_{echo};
    http2_client client_{server_.local_address()};
};

TEST_F(metadata_limits, end_the_call_and_not_the_connection) {
    expect_too_large(70, {"key", std::string(1'000, 'v')});
    expect_too_large(1, {"key", std::string(70'000, 'v')});
    expect_too_large(14, {"key-bin", std::string(60'000, 'A')});  // in many frames of CONTINUATION
}

// Its characters are shorter as they are than in HPACK's code.
TEST_F(metadata_limits, end_the_call_with_a_field_that_nghttp2_does_not_decode) {
    for (const std::size_t size : {65'537, 70'000, 1'000'000}) {
        expect_too_large(1, {"key", std::string(size, '~')});
        expect_too_large(1, {std::string(size, '~'), "value"});
    }
    EXPECT_TRUE(client_.finish(send(1, {":path", "/" + std::string(70'000, '~')})));
    EXPECT_TRUE(is_answered());
}

TEST_F(metadata_limits, count_empty_fields) { expect_too_large(1'000, {"a", ""}); }

TEST_F(metadata_limits, hold_for_few_bytes_that_stand_for_many) {
    // After the first time, each is one byte on the wire.
    EXPECT_FALSE(client_.finish(send(400, {"key", std::string(3'000, 'v')})));
    http2_client other(server_.local_address());
    EXPECT_TRUE(other.finish(other.call(path, "x")));
}

TEST_F(metadata_limits, end_the_connection_that_sends_a_megabyte) {
    EXPECT_FALSE(client_.finish(send(20, {"key-bin", std::string(60'000, 'A')})));
}

TEST(trailers, of_a_client_are_not_read) {
    std::promise<std::string> seen;
    const scripted_rpc server([&seen](server_call& call) -> task<void> {
        while (co_await call.read()) {
        }
        const bool has_deadline = call.deadline() != server_call::time_point::max();
        seen.set_value(std::string(call.metadata().value_of("late")) + (has_deadline ? "and a deadline" : ""));
        call.finish({});
    });
    http2_client client(server.local_address());
    const auto& got = client.call_open(path, "x");
    client.end(got, {{"late", "value"}, {"grpc-timeout", "5S"}});
    EXPECT_TRUE(client.finish(got));
    EXPECT_EQ(got.fields.at("grpc-status"), "0");
    EXPECT_EQ(seen.get_future().get(), "");
}

}  // namespace
}  // namespace userinfo::h2
