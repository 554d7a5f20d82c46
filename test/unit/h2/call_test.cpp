// What calls bring there and back, and what is too much.
#include <gtest/gtest.h>

#include "base/base64.h"
#include "support/eventually.h"
#include "support/scripted_rpc.h"

namespace userinfo::h2 {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace test;
using progress = reply::progress;
using steady = std::chrono::steady_clock;

task<void> reply_of(std::size_t size, server_call& call) {
    call.write(std::string(size, 'r'));
    call.finish({});
    co_return;
}

TEST(call, reaches_its_handler_with_all_that_its_caller_says) {
    std::promise<std::vector<std::string>> seen;
    std::promise<steady::time_point> deadline;
    scripted_rpc server([&](server_call& call) -> task<void> {
        const auto message = co_await call.read();
        const auto more = co_await call.read();
        seen.set_value({std::string(call.path()), std::string(call.metadata().value_of("a-key")),
                        std::string(call.metadata().value_of("any-bin")), std::string(message.value().view()),
                        more ? "more" : "no more"});
        deadline.set_value(call.deadline());
        call.finish({});
    });
    rpc_caller caller(server.target());
    const auto until = steady::now() + 7s;
    caller.ask({.path = "/a.Service/Method",
                .fields = {{"a-key", "its value"}, {"any-bin", to_base64("\0\xff\n"s)}},
                .message = "the message",
                .deadline = until});
    EXPECT_EQ(seen.get_future().get(),
              (std::vector{"/a.Service/Method"s, "its value"s, "\0\xff\n"s, "the message"s, "no more"s}));
    EXPECT_LT(std::chrono::abs(deadline.get_future().get() - until), 2s);
}

TEST(call, brings_back_the_reply_with_metadata) {
    scripted_rpc server([](server_call& call) -> task<void> {
        call.write("the reply");
        call.finish({}, {{"a-key", "its value"}, {"any-bin", to_base64("\xff")}});
        co_return;
    });
    rpc_caller caller(server.target());
    const auto got = caller.ask({});
    EXPECT_EQ(got.came, progress::answered);
    EXPECT_TRUE(got.status.is_ok());
    EXPECT_EQ(got.message.view(), "the reply");
    EXPECT_EQ(got.metadata.value_of("a-key"), "its value");
    EXPECT_EQ(got.metadata.value_of("any-bin"), "\xff");
}

TEST(call, brings_back_a_status_with_message_details_and_metadata) {
    scripted_rpc server([](server_call& call) -> task<void> {
        call.finish({.code = status_code::not_found, .message = "100 % n\xc3\xa9\n", .details = "\0\xff details"s},
                    {{"account", "x"}});
        co_return;
    });
    rpc_caller caller(server.target());
    const auto got = caller.ask({});
    EXPECT_EQ(got.came, progress::answered);
    EXPECT_EQ(got.status.code, status_code::not_found);
    EXPECT_EQ(got.status.message, "100 % n\xc3\xa9\n");
    EXPECT_EQ(got.status.details, "\0\xff details"s);
    EXPECT_EQ(got.metadata.value_of("account"), "x");
}

TEST(call, is_an_error_inside_if_it_succeeds_without_reply) {
    scripted_rpc server([](server_call& call) -> task<void> {
        call.finish({});
        co_return;
    });
    rpc_caller caller(server.target());
    EXPECT_EQ(caller.ask({}).status.code, status_code::internal);
}

TEST(call, whose_status_is_none_of_grpc_has_an_unknown_one) {
    for (const int number : {-1, 17, 1000}) {
        const scripted_rpc server([number](server_call& call) -> task<void> {
            co_await call.read();
            call.finish({.code = static_cast<status_code>(number), .message = {}, .details = {}});
        });
        rpc_caller caller(server.target());
        EXPECT_EQ(caller.ask({}).status.code, status_code::unknown) << number;
    }
}

TEST(call, passes_messages_larger_than_a_frame_and_a_window) {
    scripted_rpc large([](server_call& call) { return reply_of(1024 * 1024, call); }), echoes(echo);
    rpc_caller caller(large.target()), sender(echoes.target());
    const std::string message(60 * 1024, 'm');
    for (int i = 0; i < 20; ++i) {  // more than the connection's window in all
        EXPECT_EQ(caller.ask({}).message.size(), 1024U * 1024);
        EXPECT_EQ(sender.ask({.message = message}).message.view(), message);
    }
    EXPECT_EQ(caller.told(), std::vector<bool>());
}

TEST(call, gets_its_own_answer_among_a_thousand_on_one_connection) {
    gate there;
    scripted_rpc server(std::ref(there));
    rpc_caller caller(server.target());
    std::vector<std::future<reply>> replies;
    for (int i = 0; i < 1'000; ++i) replies.push_back(caller.begin({.message = std::to_string(i)}));
    ASSERT_TRUE(eventually([&] { return there.waiting == 1'000; }));
    there.released = true;
    for (int i = 0; i < 1'000; ++i)
        EXPECT_EQ(replies[static_cast<std::size_t>(i)].get().message.view(), std::to_string(i));
}

TEST(call, with_a_message_too_long_is_refused_and_its_connection_lives_on) {
    scripted_rpc server(echo);
    rpc_caller caller(server.target());
    EXPECT_TRUE(caller.ask({.message = std::string(64 * 1024, 'm')}).status.is_ok());
    for (const std::size_t size : {64 * 1024 + 1, 4 * 1024 * 1024}) {
        const auto got = caller.ask({.message = std::string(size, 'm')});
        EXPECT_EQ(got.status.code, status_code::resource_exhausted);
        EXPECT_EQ(got.came, progress::answered);
    }
    EXPECT_TRUE(caller.is_answered());
    EXPECT_EQ(caller.told(), std::vector<bool>());
}

TEST(call, with_too_much_metadata_is_refused_and_its_connection_lives_on) {
    scripted_rpc server(echo);
    rpc_caller caller(server.target());
    EXPECT_TRUE(caller.ask({.fields = {{"key", std::string(15 * 1024, 'v')}}}).status.is_ok());
    EXPECT_EQ(caller.ask({.fields = {{"key", std::string(16 * 1024, 'v')}}}).status.code,
              status_code::resource_exhausted);
    const fields many(200, {"key", std::string(100, 'v')});
    EXPECT_EQ(caller.ask({.fields = many}).status.code, status_code::resource_exhausted);
    EXPECT_TRUE(caller.is_answered());
    EXPECT_EQ(caller.told(), std::vector<bool>());
}

TEST(call, with_a_reply_too_long_is_an_error_and_its_connection_lives_on) {
    constexpr std::size_t longest = 4 * 1024 * 1024;
    std::atomic<std::size_t> size = longest;
    scripted_rpc server([&size](server_call& call) { return reply_of(size, call); });
    rpc_caller caller(server.target());
    EXPECT_EQ(caller.ask({}).message.size(), longest);
    ++size;
    EXPECT_EQ(caller.ask({}).status.code, status_code::resource_exhausted);
    size = 1;
    EXPECT_EQ(caller.ask({}).message.view(), "r");
    EXPECT_EQ(caller.told(), std::vector<bool>());
}

TEST(call, whose_handler_gives_more_than_one_reply_is_an_error_however_they_come) {
    for (const auto pause : {0ms, 50ms}) {
        scripted_rpc server([pause](server_call& call) -> task<void> {
            call.write("one");
            if (pause > 0ms) co_await sleep_until(steady::now() + pause);
            call.write("two");
            call.finish({});
        });
        rpc_caller caller(server.target());
        EXPECT_EQ(caller.ask({}).status.code, status_code::internal);
    }
}

TEST(call, by_the_thousand_keeps_no_new_client_from_connecting) {
    gate there;
    scripted_rpc server(
        [&there](server_call& call) { return call.path() == "/test.Test/Wait" ? there(call) : echo(call); });
    rpc_caller first(server.target()), second(server.target()), late(server.target());
    std::vector<std::future<reply>> replies;
    for (int i = 0; i < 600; ++i)
        for (auto* const caller : {&first, &second}) replies.push_back(caller->begin({.path = "/test.Test/Wait"}));
    ASSERT_TRUE(eventually([&] { return there.waiting == 1'200; }));
    EXPECT_TRUE(late.is_answered());
    there.released = true;
    for (auto& reply : replies) EXPECT_TRUE(reply.get().status.is_ok());
}

}  // namespace
}  // namespace userinfo::h2
