// How calls end that are not simply answered.
#include <gtest/gtest.h>

#include "net/acceptor.h"
#include "support/eventually.h"
#include "support/scripted_rpc.h"
#include "support/tcp_proxy.h"

namespace userinfo::h2 {
namespace {

using namespace std::chrono_literals;
using namespace test;
using progress = reply::progress;
using steady = std::chrono::steady_clock;

bool is_over(const std::future<reply>& outcome) { return outcome.wait_for(0s) == std::future_status::ready; }

class call_end : public testing::Test {
protected:
    // A call that the server has begun to answer.
    std::future<reply> begun(rpc_caller& caller, rpc_request request = {}) {
        const int before = there_.waiting;
        auto outcome = caller.begin(std::move(request));
        EXPECT_TRUE(eventually([&] { return there_.waiting > before; }));
        return outcome;
    }

    gate there_;
    std::promise<void> left_;
    scripted_rpc server_{std::ref(there_)};
    scripted_rpc silent_{[this](server_call& call) -> task<void> {
        ++there_.waiting;
        co_await wait_for_leaving(call);
        left_.set_value();
    }};
};

TEST_F(call_end, after_the_deadline_is_told_to_caller_and_handler) {
    rpc_caller caller(silent_.target());
    const auto begin = steady::now();
    const auto got = begun(caller, {.deadline = begin + 200ms}).get();
    EXPECT_EQ(got.status.code, status_code::deadline_exceeded);
    EXPECT_GE(steady::now() - begin, 200ms);
    EXPECT_LT(steady::now() - begin, 2s);
    EXPECT_EQ(left_.get_future().wait_for(20s), std::future_status::ready);
}

TEST_F(call_end, because_nobody_waits_is_told_to_the_handler) {
    rpc_caller caller(silent_.target());
    std::atomic<bool> abandoned = false;
    auto outcome = begun(caller, {.is_abandoned = [&abandoned] { return abandoned.load(); }});
    EXPECT_FALSE(is_over(outcome));
    abandoned = true;
    EXPECT_EQ(outcome.get().status.code, status_code::cancelled);
    EXPECT_EQ(left_.get_future().wait_for(20s), std::future_status::ready);
    EXPECT_EQ(caller.told(), std::vector<bool>());
}

TEST_F(call_end, on_a_connection_that_is_cut_is_lost) {
    tcp_proxy between(silent_.local_address().port);
    rpc_caller caller(local_target(between.port()));
    auto outcome = begun(caller);
    between.cut();
    const auto got = outcome.get();
    EXPECT_EQ(got.came, progress::lost);
    EXPECT_EQ(got.status.code, status_code::unavailable);
    EXPECT_EQ(left_.get_future().wait_for(20s), std::future_status::ready);
}

TEST_F(call_end, without_a_connection_is_unsent) {
    tcp_proxy between(server_.local_address().port);
    between.refuse();
    rpc_caller caller(local_target(between.port()));
    for (int i = 0; i < 3; ++i) {
        const auto got = caller.ask({});
        EXPECT_EQ(got.came, progress::unsent);
        EXPECT_EQ(got.status.code, status_code::unavailable);
    }
}

TEST_F(call_end, at_a_target_that_leads_nowhere_is_unsent) {
    rpc_caller nowhere("127.0.0.1"), no_socket("unix:/nowhere/rpc.sock");
    EXPECT_EQ(nowhere.ask({}).came, progress::unsent);
    EXPECT_EQ(no_socket.ask({}).came, progress::unsent);
}

TEST_F(call_end, of_a_peer_that_hangs_is_noticed_while_a_call_waits) {
    scripted_rpc echoes(echo);
    tcp_proxy between(echoes.local_address().port);
    rpc_caller caller(local_target(between.port()));
    ASSERT_TRUE(caller.is_answered());
    between.swallow();
    const auto begin = steady::now();
    EXPECT_EQ(caller.ask({}).came, progress::lost);
    EXPECT_LT(steady::now() - begin, 4s);
}

TEST_F(call_end, waits_for_a_slow_answer_of_a_peer_that_lives) {
    scripted_rpc slow([](server_call& call) -> task<void> {
        co_await sleep_until(steady::now() + 2500ms);
        co_await echo(call);
    });
    rpc_caller caller(slow.target());
    EXPECT_TRUE(caller.is_answered());
    EXPECT_EQ(caller.told(), std::vector<bool>());
}

TEST_F(call_end, of_a_stopped_channel_is_that_of_what_is_under_way) {
    rpc_caller caller(server_.target());
    auto outcome = begun(caller, {.message = "last"});
    caller.stop();
    EXPECT_EQ(caller.ask({}).came, progress::unsent);
    there_.released = true;
    EXPECT_EQ(outcome.get().message.view(), "last");
    EXPECT_EQ(caller.ask({}).came, progress::unsent);
}

TEST_F(call_end, on_a_draining_server_is_an_answer_if_it_was_begun_and_unsent_if_not) {
    const auto target = server_.target();
    rpc_caller caller(target);
    auto under_way = begun(caller, {.message = "first"});
    auto drained = std::async(std::launch::async, [&] { server_.drain(20s); });
    ASSERT_TRUE(eventually([&] { return caller.told() == std::vector{false}; }));
    EXPECT_EQ(caller.ask({}).came, progress::unsent);
    EXPECT_FALSE(is_over(under_way));
    there_.released = true;
    EXPECT_EQ(under_way.get().message.view(), "first");
    drained.get();
    scripted_rpc again(echo, nullptr, target);
    EXPECT_TRUE(eventually([&] { return caller.is_answered(); }));
    EXPECT_EQ(caller.told(), (std::vector{false, true}));
}

TEST_F(call_end, is_forced_by_a_server_whose_patience_ends) {
    rpc_caller caller(silent_.target());
    auto outcome = begun(caller);
    const auto begin = steady::now();
    silent_.drain(100ms);
    EXPECT_GE(steady::now() - begin, 100ms);
    EXPECT_LT(steady::now() - begin, 5s);
    EXPECT_EQ(outcome.get().came, progress::lost);
    EXPECT_EQ(left_.get_future().wait_for(0s), std::future_status::ready);
}

TEST_F(call_end, does_not_hold_a_server_that_drains_with_idle_connections) {
    scripted_rpc echoes(echo);
    rpc_caller caller(echoes.target());
    ASSERT_TRUE(caller.is_answered());
    const auto begin = steady::now();
    echoes.drain(20s);
    EXPECT_LT(steady::now() - begin, 10s);
}

TEST(channel, tells_once_that_its_server_is_down_and_once_that_it_is_up) {
    scripted_rpc server(echo);
    tcp_proxy between(server.local_address().port);
    rpc_caller caller(local_target(between.port()));
    for (int round = 0; round < 2; ++round) {
        ASSERT_TRUE(caller.is_answered());
        between.refuse();
        const auto expected = round == 0 ? std::vector{false} : std::vector{false, true, false};
        ASSERT_TRUE(eventually([&] { return caller.told() == expected; }));
        // It fails to connect more than once meanwhile.
        EXPECT_FALSE(eventually([&] { return caller.told() != expected; }, 400ms));
        between.accept();
        ASSERT_TRUE(eventually([&] { return caller.told().size() > expected.size(); }));
    }
    EXPECT_TRUE(caller.is_answered());
    EXPECT_EQ(caller.told(), (std::vector{false, true, false, true}));
}

TEST(channel, waits_no_longer_than_two_seconds_for_a_server_that_says_nothing) {
    net::io_threads threads(1);
    std::vector<file_descriptor> taken;
    net::acceptor says_nothing(threads[0], net::bound_socket(net::address::parse("127.0.0.1:0")),
                               [&taken](net::accepted peer) { taken.push_back(std::move(peer.socket)); });
    rpc_caller caller(says_nothing.local_address().to_string());
    auto patient = caller.begin({});
    EXPECT_EQ(caller.ask({.deadline = steady::now() + 100ms}).status.code, status_code::deadline_exceeded);
    EXPECT_FALSE(is_over(patient));
    const auto begin = steady::now();
    EXPECT_EQ(patient.get().came, progress::unsent);
    EXPECT_LT(steady::now() - begin, 4s);
    says_nothing.close();
    EXPECT_TRUE(eventually([&] { return !says_nothing.is_accepting(); }));
}

// A port that something else listens on, or a server that refuses its clients.
TEST(channel, waits_between_attempts_at_a_server_that_hangs_up_at_once) {
    net::io_threads threads(1);
    std::atomic<int> attempts = 0;
    net::acceptor hangs_up(threads[0], net::bound_socket(net::address::parse("127.0.0.1:0")),
                           [&attempts](const net::accepted&) { ++attempts; });
    rpc_caller caller(hangs_up.local_address().to_string());
    caller.ask({});
    ASSERT_TRUE(eventually([&] { return attempts > 2; }));
    EXPECT_FALSE(eventually([&] { return attempts > 20; }, 1s));
    hangs_up.close();
    EXPECT_TRUE(eventually([&] { return !hangs_up.is_accepting(); }));
}

}  // namespace
}  // namespace userinfo::h2
