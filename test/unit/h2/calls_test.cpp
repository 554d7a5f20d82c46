#include <atomic>
#include <future>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "base/timer.h"
#include "h2/header_text.h"
#include "support/eventually.h"
#include "support/tcp_proxy.h"
#include "unit/h2/echo_server.h"

namespace userinfo::h2 {
namespace {

using namespace std::chrono_literals;
using enum reply::progress;
using test::eventually;
using steady = std::chrono::steady_clock;

constexpr std::size_t kilobyte = 1024;

std::string through(const test::tcp_proxy& proxy) { return "127.0.0.1:" + std::to_string(proxy.port()); }

// Answers once the caller is gone.
class waits_for_ever {
public:
    task<void> operator()(server_call& call) {
        begun.set_value();
        co_await call.end();
        gone.set_value(call.is_abandoned());
    }

    std::promise<void> begun;
    std::promise<bool> gone;
};

TEST(h2_calls, a_message_and_its_metadata_go_there_and_come_back) {
    test_server server;
    test_client client(server.target());
    auto request = a_request("hello");
    request.fields = {{"asked", "something"}};
    const auto got = client.ask(request);
    EXPECT_EQ(got.came, answered);
    EXPECT_TRUE(got.status.is_ok());
    EXPECT_EQ(got.message, "hello");
    EXPECT_EQ(got.metadata.value_of("echoed"), "something");
}

TEST(h2_calls, metadata_of_bytes_is_given_as_bytes) {
    std::promise<std::string> seen;
    test_server server([&seen](server_call& call) -> task<void> {
        seen.set_value(std::string(call.metadata().value_of("name-bin")));
        call.finish({});
        co_return;
    });
    test_client client(server.target());
    auto request = a_request();
    request.fields = {{"name-bin", base64_encoded("\xff\x01 name")}};
    client.ask(request);
    EXPECT_EQ(seen.get_future().get(), "\xff\x01 name");
}

TEST(h2_calls, a_refusal_comes_with_its_words_and_details) {
    test_server server([](server_call& call) -> task<void> {
        call.finish({.code = status_code::aborted, .message = "100 % \xc3\xa4\n", .details = "\xff\x01"});
        co_return;
    });
    test_client client(server.target());
    const auto got = client.ask(a_request());
    EXPECT_EQ(got.came, answered);
    EXPECT_EQ(got.status.code, status_code::aborted);
    EXPECT_EQ(got.status.message, "100 % \xc3\xa4\n");
    EXPECT_EQ(got.status.details, "\xff\x01");
}

TEST(h2_calls, what_is_larger_than_a_window_passes) {
    test_server server([](server_call& call) -> task<void> {
        const auto message = co_await call.read();
        call.write(std::string(kilobyte * kilobyte, 'y') + *message);
        call.finish({});
    });
    test_client client(server.target());
    const auto got = client.ask(a_request(std::string(63 * kilobyte, 'x')));
    ASSERT_TRUE(got.status.is_ok()) << got.status.message;
    EXPECT_EQ(got.message.size(), (1024 + 63) * kilobyte);
    EXPECT_EQ(got.message.back(), 'x');
}

TEST(h2_calls, a_message_that_is_too_long_is_refused_and_the_connection_goes_on) {
    test_server server;
    test_client client(server.target());
    EXPECT_EQ(client.ask(a_request(std::string(65 * kilobyte, 'x'))).status.code, status_code::resource_exhausted);
    EXPECT_EQ(client.ask(a_request("short")).message, "short");
    EXPECT_EQ(client.downs, 0);
}

TEST(h2_calls, metadata_that_are_too_large_are_refused_and_the_connection_goes_on) {
    test_server server;
    test_client client(server.target());
    auto request = a_request();
    request.fields = {{"much", std::string(17 * kilobyte, 'x')}, {"little", "x"}};
    EXPECT_EQ(client.ask(request).status.code, status_code::resource_exhausted);
    EXPECT_EQ(client.ask(a_request("short")).message, "short");
    EXPECT_EQ(client.downs, 0);
}

TEST(h2_calls, a_reply_that_is_too_long_is_not_kept) {
    test_server server([](server_call& call) -> task<void> {
        call.write(std::string(5 * kilobyte * kilobyte, 'y'));
        call.finish({});
        co_return;
    });
    test_client client(server.target());
    const auto got = client.ask(a_request());
    EXPECT_EQ(got.status.code, status_code::resource_exhausted);
    EXPECT_EQ(got.message, "");
}

TEST(h2_calls, a_thousand_at_once_get_an_answer_each_of_its_own) {
    test_server server;
    test_client client(server.target());
    std::vector<std::future<reply>> replies;
    for (int i = 0; i < 1'000; ++i)
        replies.push_back(
            asio::co_spawn(client.executor(), client.link().ask(a_request(std::to_string(i))), asio::use_future));
    for (int i = 0; i < 1'000; ++i) EXPECT_EQ(replies[i].get().message, std::to_string(i));
}

TEST(h2_calls, one_whose_time_is_over_ends_and_its_handler_learns_of_it) {
    waits_for_ever slow;
    test_server server(std::ref(slow));
    test_client client(server.target());
    EXPECT_EQ(client.ask(a_request("", 200ms)).status.code, status_code::deadline_exceeded);
    EXPECT_TRUE(slow.gone.get_future().get());
}

TEST(h2_calls, a_handler_knows_how_long_it_has) {
    std::promise<steady::time_point> seen;
    test_server server([&seen](server_call& call) -> task<void> {
        seen.set_value(call.deadline());
        call.finish({});
        co_return;
    });
    test_client client(server.target());
    const auto request = a_request("", 7s);
    client.ask(request);
    EXPECT_LT(std::chrono::abs(seen.get_future().get() - request.deadline), 1s);
}

TEST(h2_calls, one_that_nobody_waits_for_is_cancelled) {
    waits_for_ever slow;
    test_server server(std::ref(slow));
    test_client client(server.target());
    auto request = a_request();
    std::atomic<bool> left = false;
    request.is_abandoned = [&left] { return left.load(); };
    auto outcome = std::async(std::launch::async, [&] { return client.ask(request); });
    slow.begun.get_future().wait();
    left = true;
    EXPECT_EQ(outcome.get().status.code, status_code::cancelled);
    EXPECT_TRUE(slow.gone.get_future().get());
}

TEST(h2_calls, one_whose_connection_is_cut_is_lost) {
    waits_for_ever slow;
    test_server server(std::ref(slow));
    test::tcp_proxy between(server.port());
    test_client client(through(between));
    auto outcome = std::async(std::launch::async, [&] { return client.ask(a_request()); });
    slow.begun.get_future().wait();
    between.cut();
    EXPECT_EQ(outcome.get().came, lost);
    EXPECT_TRUE(slow.gone.get_future().get());
}

TEST(h2_calls, a_server_that_hangs_is_noticed_while_somebody_waits) {
    waits_for_ever slow;
    test_server server(std::ref(slow));
    test::tcp_proxy between(server.port());
    test_client client(through(between));
    auto outcome = std::async(std::launch::async, [&] { return client.ask(a_request("", 60s)); });
    slow.begun.get_future().wait();
    between.swallow();
    const auto began = steady::now();
    EXPECT_EQ(outcome.get().came, lost);
    EXPECT_LT(steady::now() - began, 20s);
}

TEST(h2_calls, a_slow_answer_is_not_taken_for_a_server_that_hangs) {
    test_server server([](server_call& call) -> task<void> {
        co_await sleep_until(steady::now() + 3s);
        call.write("late");
        call.finish({});
    });
    test_client client(server.target());
    EXPECT_EQ(client.ask(a_request()).message, "late");
}

TEST(h2_calls, where_nobody_listens_a_call_is_not_begun) {
    auto server = std::make_unique<test_server>();
    const auto target = server->target();
    server.reset();
    test_client client(target);
    EXPECT_EQ(client.ask(a_request()).came, unsent);
    EXPECT_EQ(client.downs, 1);
    EXPECT_EQ(client.ask(a_request()).came, unsent);
    EXPECT_EQ(client.downs, 1);
}

TEST(h2_calls, a_server_that_comes_back_is_called_again) {
    auto server = std::make_unique<test_server>();
    const auto target = server->target();
    test_client client(target);
    ASSERT_TRUE(client.ask(a_request()).status.is_ok());
    server.reset();
    EXPECT_NE(client.ask(a_request()).came, answered);
    EXPECT_TRUE(eventually([&] { return client.downs == 1; }));
    test_server again(echo, target);
    EXPECT_TRUE(eventually([&] { return client.ask(a_request()).status.is_ok(); }));
    EXPECT_EQ(client.ups, 1);
    EXPECT_EQ(client.downs, 1);
}

TEST(h2_calls, a_server_that_stops_finishes_what_it_has_begun_and_begins_nothing_more) {
    std::promise<void> begun;
    std::atomic<bool> may_end = false;
    std::atomic<int> calls = 0;
    test_server server([&](server_call& call) -> task<void> {
        if (++calls == 1) begun.set_value();
        while (!may_end) co_await sleep_until(steady::now() + 5ms);
        call.write("done");
        call.finish({});
    });
    test_client client(server.target());
    auto outcome = std::async(std::launch::async, [&] { return client.ask(a_request()); });
    begun.get_future().wait();
    auto drained = std::async(std::launch::async, [&] { server.drain(20s); });
    EXPECT_TRUE(eventually([&] { return client.downs == 1; }));
    EXPECT_EQ(client.ask(a_request()).came, unsent);
    may_end = true;
    EXPECT_EQ(outcome.get().message, "done");
    drained.wait();
    EXPECT_EQ(calls, 1);
}

TEST(h2_calls, a_server_that_stops_waits_no_longer_than_its_patience) {
    waits_for_ever slow;
    test_server server(std::ref(slow));
    test_client client(server.target());
    auto outcome = std::async(std::launch::async, [&] { return client.ask(a_request("", 60s)); });
    slow.begun.get_future().wait();
    server.drain(100ms);
    EXPECT_EQ(outcome.get().came, lost);
    EXPECT_TRUE(slow.gone.get_future().get());
}

TEST(h2_calls, a_channel_that_was_stopped_ends_with_the_calls_that_are_under_way) {
    std::promise<void> begun;
    std::atomic<bool> may_end = false;
    test_server server([&](server_call& call) -> task<void> {
        begun.set_value();
        while (!may_end) co_await sleep_until(steady::now() + 5ms);
        call.write("done");
        call.finish({});
    });
    test_client client(server.target());
    auto outcome = std::async(std::launch::async, [&] { return client.ask(a_request()); });
    begun.get_future().wait();
    client.link().stop();
    EXPECT_EQ(client.ask(a_request()).came, unsent);
    may_end = true;
    EXPECT_EQ(outcome.get().message, "done");
    EXPECT_EQ(client.downs, 0);
}

}  // namespace
}  // namespace userinfo::h2
