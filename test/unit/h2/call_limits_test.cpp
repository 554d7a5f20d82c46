// What one connection can make a server hold, and for how long.
#include "h2/call_limits.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/eventually.h"
#include "support/http2_client.h"
#include "support/limited_rpc.h"

namespace userinfo::h2 {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace test;

constexpr std::size_t held = 512 * 1024;
constexpr auto path = "/test.Test/Call";
constexpr auto soon = call_limits{.held = held, .request_time = 300ms, .reply_time = 300ms, .look_interval = 10ms};
constexpr auto late = call_limits{.held = held, .request_time = 1h, .reply_time = 1h, .look_interval = 10ms};

std::string text_of(status_code code) { return std::to_string(static_cast<int>(code)); }

task<void> echo_single(server_call& call) {
    const auto message = co_await call.read_single();
    if (message) call.write(message->view());
    call.finish({});
}

rpc_script replying(std::size_t size) {
    return [size](server_call& call) -> task<void> {
        co_await call.read_single();
        call.write(std::string(size, 'r'));
        call.finish({});
    };
}

bool is_answered(http2_client& client) {
    const auto& got = client.call(path, "are you there?");
    return client.finish(got) && got.messages == std::vector{"are you there?"s};
}

using streams = std::vector<const http2_client::stream*>;

// Whether the server resets as many of them, each with one of `errors`, and ends none in another way.
bool are_reset(http2_client& client, const streams& all, std::ptrdiff_t count,
               const std::vector<std::uint32_t>& errors) {
    const auto is_closed = [](const auto* each) { return each->is_closed; };
    return client.receive_until([&] { return std::ranges::count_if(all, is_closed) >= count; }) &&
           std::ranges::all_of(all, [&](const auto* each) {
               return !each->is_closed || std::ranges::find(errors, each->error) != errors.end();
           });
}

TEST(call_limits, refuse_the_parts_of_messages_that_one_connection_cannot_hold) {
    limited_rpc server(echo_single, late);
    http2_client client(server.local_address());
    ASSERT_TRUE(is_answered(client));
    const auto part = http2_client::framed(std::string(60'000, 'x')).substr(0, 50'000);
    streams parts;
    for (int i = 0; i < 100; ++i) parts.push_back(&client.send_open(http2_client::call_head(path), part));
    EXPECT_TRUE(are_reset(client, parts, 90, {NGHTTP2_REFUSED_STREAM}));
    EXPECT_LE(server.held(), held);
    EXPECT_GT(server.held(), held / 2);
    EXPECT_EQ(server.calls, 0);
}

TEST(call_limits, end_a_request_that_does_not_arrive_and_its_connection_lives_on) {
    limited_rpc server(echo_single, soon);
    http2_client client(server.local_address());
    const auto& empty = client.send_open(http2_client::call_head(path), "");
    const auto& part = client.send_open(http2_client::call_head(path), "\0\0\0\0\5hel"s);
    for (const auto* each : {&empty, &part}) {
        EXPECT_TRUE(client.finish(*each));
        EXPECT_EQ(each->fields.at("grpc-status"), text_of(status_code::deadline_exceeded));
    }
    EXPECT_TRUE(is_answered(client));
    EXPECT_TRUE(eventually([&] { return server.held() == 0; }));
}

TEST(call_limits, refuse_the_metadata_that_one_connection_cannot_hold) {
    limited_rpc server(echo_single, late);
    http2_client client(server.local_address());
    auto head = http2_client::call_head(path);
    head.push_back({"key", std::string(15'000, 'v')});
    streams heads;
    for (int i = 0; i < 100; ++i) heads.push_back(&client.send_open(head, ""));
    EXPECT_TRUE(are_reset(client, heads, 60, {NGHTTP2_REFUSED_STREAM}));
    EXPECT_LE(server.held(), held);
}

TEST(call_limits, hold_for_calls_that_were_reset_while_they_are_answered) {
    gate there;
    limited_rpc server(
        [&there](server_call& call) -> task<void> {
            co_await call.read_single();
            ++there.waiting;
            while (!there.released) co_await sleep_until(std::chrono::steady_clock::now() + 2ms);
            call.finish({});
        },
        late);
    http2_client client(server.local_address());
    for (int i = 0; i < 300; ++i) client.reset(client.call(path, "x"));
    ASSERT_TRUE(eventually([&] { return server.held() + 2 * call_cost > held; }));
    EXPECT_LE(there.waiting, static_cast<int>(held / call_cost));
    const auto& refused = client.call(path, "x");
    EXPECT_TRUE(client.finish(refused));
    EXPECT_EQ(refused.error, NGHTTP2_REFUSED_STREAM);
    there.released = true;
    EXPECT_TRUE(eventually([&] { return server.held() == 0; }));
}

TEST(call_limits, end_the_calls_whose_replies_are_too_many_while_the_peer_reads_none) {
    limited_rpc server(replying(60'000), late);
    http2_client client(server.local_address(), 0);
    streams calls;
    for (int i = 0; i < 50; ++i) calls.push_back(&client.call(path, "x"));
    // Those that come together are refused before they have begun, because there is no room for them all.
    EXPECT_TRUE(are_reset(client, calls, 40, {NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_REFUSED_STREAM}));
    EXPECT_TRUE(std::ranges::any_of(calls, [](const auto* each) { return each->error == NGHTTP2_ENHANCE_YOUR_CALM; }));
    EXPECT_LE(server.held(), held);
    EXPECT_TRUE(eventually([&] { return server.calls == 0; }));
}

TEST(call_limits, drop_a_reply_that_its_peer_does_not_read_in_time) {
    limited_rpc server(echo_single, soon);
    http2_client client(server.local_address(), 0);
    const auto& got = client.call(path, "x");
    EXPECT_TRUE(client.finish(got));
    EXPECT_EQ(got.error, NGHTTP2_CANCEL);
    EXPECT_TRUE(eventually([&] { return server.held() == 0; }));
}

TEST(call_limits, end_a_stream_that_sends_on_without_reading_the_answers) {
    limited_rpc server(
        [](server_call& call) -> task<void> {
            while (co_await call.read()) call.write(std::string(50'000, 'r'));
            call.finish({});
        },
        late);
    http2_client client(server.local_address(), 0);
    const auto& got = client.call_open(path, "");
    for (int i = 0; i < 20; ++i) client.send_more(got, http2_client::framed(""));
    EXPECT_TRUE(client.finish(got));
    EXPECT_EQ(got.error, NGHTTP2_ENHANCE_YOUR_CALM);
    EXPECT_TRUE(eventually([&] { return server.held() == 0; }));
}

TEST(call_limits, do_not_count_what_a_stream_has_read) {
    limited_rpc server(
        [](server_call& call) -> task<void> {
            std::size_t read = 0;
            while (const auto message = co_await call.read()) read += message->size();
            call.write(std::to_string(read));
            call.finish({});
        },
        late);
    http2_client client(server.local_address());
    const auto& got = client.call_open(path, std::string(60'000, 'x'));
    for (int i = 0; i < 30; ++i) {  // more than may be held
        ASSERT_TRUE(client.receive_until([&] { return client.has_sent(got); }));
        ASSERT_TRUE(eventually([&] { return server.held() < 100'000; }));
        client.send_more(got, http2_client::framed(std::string(60'000, 'x')));
    }
    ASSERT_TRUE(client.receive_until([&] { return client.has_sent(got); }));
    client.end(got, {});
    EXPECT_TRUE(client.finish(got));
    EXPECT_EQ(got.messages, std::vector{std::to_string(31 * 60'000)});
}

// What a client sends whose windows have no end, and that then reads nothing.
const auto greedy_preface =
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    "\0\0\6\4\0\0\0\0\0\0\4\x7f\xff\xff\xff"
    "\0\0\4\x8\0\0\0\0\0\x7f\xff\0\0"s;

// A call of POST http://a/x for application/grpc, with an empty message.
std::string raw_call(std::uint32_t stream) {
    const std::string id{0, static_cast<char>(stream >> 16), static_cast<char>(stream >> 8), static_cast<char>(stream)};
    const auto head =
        "\x83\x86\4\2/x\1\1a\xf\x10\x10"
        "application/grpc"s;
    return std::string{0, 0, static_cast<char>(head.size()), 1, 4} + id + head + "\0\0\5\0\1"s + id + "\0\0\0\0\0"s;
}

constexpr std::size_t more_than_a_socket_takes = 16 * 1024 * 1024;
constexpr std::size_t roomy = 3 * more_than_a_socket_takes;

TEST(client_that_reads_nothing, is_cut_off_in_time) {
    auto limits = soon;
    limits.held = roomy;
    limited_rpc server(replying(more_than_a_socket_takes), limits);
    const http::test_client client(server.local_address());
    client.send(greedy_preface + raw_call(1));
    EXPECT_TRUE(eventually([&] { return server.is_closed() && server.held() == 0; }));
}

TEST(client_that_reads_nothing, and_resets_calls_is_cut_off_at_once) {
    auto limits = late;
    limits.held = roomy;
    limited_rpc server(replying(more_than_a_socket_takes), limits);
    const http::test_client client(server.local_address());
    client.send(greedy_preface + raw_call(1));
    ASSERT_TRUE(eventually([&] { return server.held() > more_than_a_socket_takes; }));
    std::string resets;
    for (std::uint32_t stream = 3; stream < 2 * 5'000; stream += 2) {
        const std::string id{0, static_cast<char>(stream >> 16), static_cast<char>(stream >> 8),
                             static_cast<char>(stream)};
        resets += "\0\0\6\1\4"s + id + "\x83\x86\x84\1\1a"s;  // no call of gRPC: it is told so at once
        resets += "\0\0\4\3\0"s + id + "\0\0\0\x8"s;
    }
    client.send(resets);
    EXPECT_TRUE(eventually([&] { return server.is_closed(); }));
}

TEST(end_at, ends_a_stream_and_tells_its_handler) {
    limited_rpc server(
        [](server_call& call) -> task<void> {
            co_await call.read();
            call.write("begun");
            call.end_at(std::chrono::steady_clock::now() + 50ms);
            co_await wait_for_leaving(call);
        },
        late);
    http2_client client(server.local_address());
    const auto& got = client.call_open(path, "");
    EXPECT_TRUE(client.finish(got));
    EXPECT_EQ(got.messages, std::vector{"begun"s});
    EXPECT_EQ(got.fields.at("grpc-status"), text_of(status_code::unavailable));
    EXPECT_TRUE(eventually([&] { return server.calls == 0; }));
}

}  // namespace
}  // namespace userinfo::h2
