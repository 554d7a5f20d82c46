// Clients that do not speak gRPC, or not even HTTP/2: they are told if they can be, and harm nobody else.
#include <array>
#include <cerrno>
#include <cstring>

#include <gtest/gtest.h>

#include "support/eventually.h"
#include "support/http2_client.h"
#include "support/scripted_rpc.h"

namespace userinfo::h2 {
namespace {

using namespace std::string_literals;
using namespace test;

const auto preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"s;
const auto settings = "\0\0\0\4\0\0\0\0\0"s;

http2_client::fields with(std::string_view name, std::string_view value) {
    auto head = http2_client::call_head("/test.Test/Call");
    for (auto& [key, old] : head)
        if (key == name) old = value;
    return head;
}

class hostile_client : public testing::Test {
protected:
    hostile_client() { EXPECT_TRUE(other_.is_answered()); }

    // That somebody else's connection has not suffered.
    ~hostile_client() override {
        EXPECT_TRUE(other_.is_answered());
        EXPECT_EQ(other_.told(), std::vector<bool>());
    }

    // That the server ends a connection on which this came; with a reset, if it has not read all.
    void expect_end_after(std::string_view bytes) const {
        const http::test_client client(server_.local_address());
        client.send(bytes);
        std::array<char, 4096> room;
        ssize_t size = 0;
        do size = ::recv(client.descriptor(), room.data(), room.size(), 0);
        while (size > 0);
        EXPECT_TRUE(size == 0 || errno == ECONNRESET) << std::strerror(errno);
    }

    // Sends a request; what is answered.
    std::map<std::string, std::string> answer_to(const http2_client::fields& head, std::string body = {}) const {
        http2_client client(server_.local_address());
        const auto& got = client.send(head, std::move(body));
        EXPECT_TRUE(client.finish(got));
        return got.fields;
    }

    std::atomic<int> calls_ = 0;
    scripted_rpc server_{[this](server_call& call) {
        ++calls_;
        return echo(call);
    }};
    rpc_caller other_{server_.target()};
};

TEST_F(hostile_client, that_sends_rubbish_is_cut_off) {
    expect_end_after("rubbish that is longer than the preface of HTTP/2 is");
    expect_end_after(std::string(100, '\0'));
    expect_end_after(std::string(100'000, '\xff'));
}

TEST_F(hostile_client, that_speaks_http_1_is_cut_off) {
    expect_end_after("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect_end_after("POST /test.Test/Call HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(calls_, 1);
}

TEST_F(hostile_client, that_breaks_the_protocol_after_its_preface_is_cut_off) {
    expect_end_after(preface + "\0\0\0\1\5\0\0\0\1"s);                   // HEADERS before SETTINGS
    expect_end_after(preface + settings + "\xff\xff\xff\0\0\0\0\0\1"s);  // a frame of 16 MB
    expect_end_after(preface + settings + "\0\0\1\0\1\0\0\0\1x"s);       // DATA on a stream that was never begun
    expect_end_after(preface + settings + "\0\0\1\1\5\0\0\0\1\xff"s);    // HPACK that is none
    expect_end_after(preface + settings + "\0\0\1\1\5\0\0\0\2\x82"s);    // a stream with a number of the server
    EXPECT_EQ(calls_, 1);
}

TEST_F(hostile_client, that_goes_in_the_middle_of_anything_is_forgotten) {
    for (const auto& part : {""s, preface.substr(0, 10), preface, preface + settings.substr(0, 4),
                             preface + settings + "\0\0\x20\1\4\0\0\0\1\x82"s})
        for (const bool reset : {false, true}) {
            http::test_client client(server_.local_address());
            client.send(part);
            if (reset) client.abort();
        }
}

TEST_F(hostile_client, with_another_method_than_post_is_told_405) {
    EXPECT_EQ(answer_to(with(":method", "GET")).at(":status"), "405");
    EXPECT_EQ(answer_to(with(":method", "PUT"), "body").at(":status"), "405");
    EXPECT_EQ(calls_, 1);
}

TEST_F(hostile_client, with_another_content_type_is_told_415) {
    for (const auto* const other : {"text/plain", "application/grpc-web", "application/grpcs"})
        EXPECT_EQ(answer_to(with("content-type", other), "body").at(":status"), "415") << other;
    auto without = http2_client::call_head("/test.Test/Call");
    without.pop_back();
    EXPECT_EQ(answer_to(without).at(":status"), "415");
    EXPECT_EQ(calls_, 1);
}

TEST_F(hostile_client, with_a_message_that_is_cut_off_is_told) {
    const auto got = answer_to(http2_client::call_head("/test.Test/Call"), "\0\0\0\0\5hel"s);
    EXPECT_EQ(got.at(":status"), "200");
    EXPECT_EQ(got.at("grpc-status"), std::to_string(static_cast<int>(status_code::internal)));
    EXPECT_EQ(calls_, 1);
}

TEST_F(hostile_client, with_a_compressed_message_is_told) {
    const auto got = answer_to(http2_client::call_head("/test.Test/Call"), "\1\0\0\0\1x"s);
    EXPECT_EQ(got.at("grpc-status"), std::to_string(static_cast<int>(status_code::unimplemented)));
    EXPECT_EQ(calls_, 1);
}

TEST_F(hostile_client, with_more_messages_than_are_read_is_told) {
    const scripted_rpc server([](server_call& call) { return wait_for_leaving(call); });
    http2_client client(server.local_address());
    const auto& got = client.call_open("/test.Test/Call", std::string(60'000, 'x'));
    for (int i = 0; i < 2; ++i) client.send_more(got, http2_client::framed(std::string(60'000, 'x')));
    EXPECT_TRUE(client.finish(got));
    EXPECT_EQ(got.fields.at("grpc-status"), std::to_string(static_cast<int>(status_code::resource_exhausted)));
}

// Begins so many streams and resets each.
std::string resets(std::uint32_t count) {
    std::string all;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto stream = 2 * i + 1;
        const std::string id{0, static_cast<char>(stream >> 16), static_cast<char>(stream >> 8),
                             static_cast<char>(stream)};
        all += "\0\0\6\1\4"s + id + "\x83\x86\x84\1\1a"s;  // POST http://a/
        all += "\0\0\4\3\0"s + id + "\0\0\0\x8"s;          // CANCEL
    }
    return all;
}

TEST_F(hostile_client, that_begins_and_resets_streams_without_end_is_cut_off) {
    expect_end_after(preface + settings + resets(30'000));
}

// nghttp2's own limit is 1,000 at once.
TEST_F(hostile_client, that_resets_no_more_than_a_gateway_may_is_served_on) {
    const http::test_client client(server_.local_address());
    client.send(preface + settings + resets(9'000) + "\0\0\x8\6\0\0\0\0\0somebody"s);  // PING
    std::string got;
    std::array<char, 4096> room;
    ssize_t size = 0;
    while (!got.contains("somebody") && (size = ::recv(client.descriptor(), room.data(), room.size(), 0)) > 0)
        got.append(room.data(), static_cast<std::size_t>(size));
    EXPECT_TRUE(got.contains("\0\0\x8\6\1\0\0\0\0somebody"s));
}

TEST_F(hostile_client, that_sends_pings_without_reading_the_answers_is_cut_off) {
    std::string pings;
    for (int i = 0; i < 100'000; ++i) pings += "\0\0\x8\6\0\0\0\0\0somebody"s;
    const http::test_client client(server_.local_address());
    client.send(preface + settings);
    const auto is_ended = [&] { return ::send(client.descriptor(), pings.data(), pings.size(), MSG_NOSIGNAL) < 0; };
    EXPECT_TRUE(eventually(is_ended));
}

TEST_F(hostile_client, that_opens_a_window_by_nothing_is_cut_off) {
    const auto call = "\0\0\6\1\4\0\0\0\1\x83\x86\x84\1\1a"s;  // POST http://a/
    expect_end_after(preface + settings + "\0\0\4\x8\0\0\0\0\0\0\0\0\0"s);
    expect_end_after(preface + settings + call + "\0\0\4\x8\0\0\0\0\1\0\0\0\0"s);
}

TEST_F(hostile_client, that_opens_the_window_of_a_call_too_far_ends_the_call) {
    const scripted_rpc server([](server_call& call) { return wait_for_leaving(call); });
    http2_client client(server.local_address());
    const auto& got = client.call_open("/test.Test/Call", "x");
    client.tcp().send("\0\0\4\x8\0\0\0\0\1\x7f\xff\xff\xff"s);
    EXPECT_TRUE(client.finish(got));
    EXPECT_EQ(got.error, NGHTTP2_FLOW_CONTROL_ERROR);
}

TEST_F(hostile_client, that_sends_frames_without_data_is_served_on) {
    http2_client client(server_.local_address());
    const auto& open = client.send_open(http2_client::call_head("/test.Test/Call"), "");
    std::string empty;
    for (int i = 0; i < 10'000; ++i) empty += "\0\0\0\0\0\0\0\0\1"s;
    client.tcp().send(empty);
    client.send_more(open, http2_client::framed("x"));
    EXPECT_TRUE(client.finish(open));
    EXPECT_EQ(open.messages, std::vector<std::string>{"x"});
}

TEST_F(hostile_client, is_told_how_many_streams_and_how_large_metadata_it_may_have) {
    const http::test_client client(server_.local_address());
    client.send(preface + settings);
    // SETTINGS_MAX_CONCURRENT_STREAMS is 1,000, SETTINGS_MAX_HEADER_LIST_SIZE is 16 KB.
    const auto expected = "\0\0\x0c\4\0\0\0\0\0\0\3\0\0\3\xe8\0\6\0\0\x40\0"s;
    std::string got(expected.size(), '-');
    ASSERT_EQ(::recv(client.descriptor(), got.data(), got.size(), MSG_WAITALL), static_cast<ssize_t>(got.size()));
    EXPECT_EQ(got, expected);
}

TEST_F(hostile_client, with_fields_that_http_forbids_is_refused) {
    for (const auto& bad : {http2_client::fields::value_type{"connection", "close"}, {":odd", "x"}}) {
        auto head = http2_client::call_head("/test.Test/Call");
        head.push_back(bad);
        EXPECT_FALSE(answer_to(head).contains(":status")) << bad.first;
    }
    EXPECT_EQ(calls_, 1);
}

TEST_F(hostile_client, without_a_message_is_answered_by_the_handler) {
    EXPECT_EQ(answer_to(http2_client::call_head("/test.Test/Call")).at("grpc-status"), "0");
    EXPECT_EQ(calls_, 2);
}

}  // namespace
}  // namespace userinfo::h2
