#include "rpc/remote_userinfo.h"

#include <atomic>
#include <functional>
#include <future>

#include <gtest/gtest.h>

#include "base/timer.h"
#include "support/eventually.h"
#include "support/failure_of.h"
#include "support/rpc_server.h"
#include "support/scratch_folder.h"
#include "support/scripted_userinfo.h"
#include "support/tcp_proxy.h"

namespace userinfo::rpc {
namespace {

using namespace std::chrono_literals;
using namespace test;
using steady = std::chrono::steady_clock;

call a_call(std::chrono::milliseconds time = 10s) {
    return {.request_id = "the-request",
            .deadline = steady::now() + time,
            .address = "2001:db8::7",
            .user_agent = "a \xff browser",
            .access_token = "a.b.c",
            .trace = trace_context::begin()};
}

std::uint16_t port_of(const rpc_server& server) {
    const auto& address = server.address();
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

task<result<void>> succeed(call&) { co_return result<void>(); }

result<profile_view> read(rpc_client& client, std::chrono::milliseconds time = 10s) {
    auto call = a_call(time);
    return client.run(client.userinfo.perform(call, use_cases::get_profile()));
}

result<profile_view> write(rpc_client& client) {
    auto call = a_call();
    return client.run(client.userinfo.perform(call, use_cases::create_profile()));
}

TEST(remote_userinfo, a_call_travels_whole) {
    std::promise<call> seen;
    scripted_userinfo there([&seen](call& call) -> task<result<void>> {
        call.account = uuid::from_bytes("0123456789abcdef");
        seen.set_value(call);
        co_return result<void>();
    });
    const scratch_folder folder;
    rpc_server server(there, "unix:" + (folder / "rpc.sock").string());
    rpc_client client({server.address()});
    auto sent = a_call();
    ASSERT_TRUE(client.run(client.userinfo.perform(sent, use_cases::get_profile())));
    const auto got = seen.get_future().get();
    EXPECT_EQ(got.request_id, sent.request_id);
    EXPECT_EQ(got.address, sent.address);
    EXPECT_EQ(got.user_agent, sent.user_agent);
    EXPECT_EQ(got.access_token, sent.access_token);
    EXPECT_EQ(got.trace->text(), sent.trace->text());
    EXPECT_LT(std::chrono::abs(got.deadline - sent.deadline), 1s);
    EXPECT_EQ(sent.account, got.account);
}

TEST(remote_userinfo, no_instance_is_unavailable_at_once) {
    rpc_client client({});
    EXPECT_EQ(failure_of(read(client)), errc::unavailable);
    EXPECT_EQ(failure_of(write(client)), errc::unavailable);
}

TEST(remote_userinfo, a_read_finds_another_instance_and_a_write_says_that_it_may_not_have_happened) {
    scripted_userinfo alive(succeed), lost(succeed);
    rpc_server stays(alive);
    auto goes = std::make_unique<rpc_server>(lost);
    rpc_client client({stays.address(), goes->address()});
    while (lost.calls() == 0 || alive.calls() == 0) ASSERT_TRUE(read(client));
    goes.reset();
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(read(client)) << i;
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(write(client)) << i;  // the lost one was set aside by then
}

TEST(remote_userinfo, a_write_on_a_lost_connection_is_not_made_twice) {
    scripted_userinfo first(succeed), second(succeed);
    rpc_server server(first);
    rpc_client client({server.address()});
    ASSERT_TRUE(write(client));
    server.stop();
    EXPECT_EQ(failure_of(write(client)), errc::unavailable);
    EXPECT_EQ(first.calls(), 1u);
}

// Where nothing listens.
std::string dead_address() {
    scripted_userinfo nobody(succeed);
    return rpc_server(nobody).address();
}

TEST(remote_userinfo, a_write_that_could_not_be_sent_is_made_by_another_instance) {
    scripted_userinfo alive(succeed);
    rpc_server server(alive);
    const auto dead = dead_address();
    for (int i = 0; i < 20; ++i) {  // each client asks the dead one first with a chance of one half
        rpc_client client({server.address(), dead});
        ASSERT_TRUE(write(client)) << i;
    }
}

TEST(remote_userinfo, a_call_is_tried_twice_and_no_third_time) {
    scripted_userinfo alive(succeed);
    rpc_server server(alive);
    const std::vector<std::string> addresses{server.address(), dead_address(), dead_address()};
    // A client asks both dead ones first with a chance of one third. It would then find the third one.
    bool failed = false;
    for (int i = 0; i < 100 && !failed; ++i) {
        rpc_client client(addresses);
        const auto outcome = read(client);
        if (!outcome) EXPECT_EQ(outcome.error().code, errc::unavailable);
        failed = !outcome;
    }
    EXPECT_TRUE(failed);
}

TEST(remote_userinfo, an_instance_that_returns_gets_calls_again) {
    scripted_userinfo there(succeed);
    auto server = std::make_unique<rpc_server>(there);
    const auto address = server->address();
    rpc_client client({address});
    ASSERT_TRUE(read(client));
    server.reset();
    EXPECT_EQ(failure_of(read(client)), errc::unavailable);
    rpc_server again(there, address);
    EXPECT_TRUE(eventually([&] { return read(client).has_value(); }));
}

TEST(remote_userinfo, a_service_that_is_silent_costs_no_more_than_the_deadline) {
    scripted_userinfo slow([](call& call) -> task<result<void>> {
        co_await sleep_until(call.deadline + 100ms);
        co_return result<void>();
    });
    rpc_server server(slow);
    rpc_client client({server.address()});
    const auto began = steady::now();
    EXPECT_EQ(failure_of(read(client, 200ms)), errc::unavailable);
    EXPECT_LT(steady::now() - began, 5s);
}

// From its second call on, waits until the service knows that nobody waits for it any more, and says whether it did.
class left_behind {
public:
    task<result<void>> operator()(call& call) {
        if (!std::exchange(connected, true)) co_return result<void>();
        begun.set_value();
        while (!call.client_left() && steady::now() < call.deadline) co_await sleep_until(steady::now() + 5ms);
        learned.set_value(call.client_left());
        co_return result<void>();
    }

    bool connected = false;
    std::promise<void> begun;
    std::promise<bool> learned;
};

TEST(remote_userinfo, a_client_that_leaves_while_its_password_waits_is_told_to_the_service) {
    left_behind there;
    scripted_userinfo slow(std::ref(there));
    rpc_server server(slow);
    rpc_client client({server.address()});
    ASSERT_TRUE(eventually([&] { return read(client).has_value(); }));
    std::atomic<bool> left = false;
    auto call = a_call();
    call.client_left = [&left] { return left.load(); };
    auto outcome = std::async(std::launch::async, [&] {
        return client.run(
            client.userinfo.perform(call, use_cases::log_in{.email = "e", .password = secret_string("p")}));
    });
    there.begun.get_future().wait();
    left = true;
    EXPECT_EQ(failure_of(outcome.get()), errc::unavailable);
    EXPECT_TRUE(there.learned.get_future().get());
}

TEST(remote_userinfo, a_client_that_waits_gets_its_answer_however_long_it_takes) {
    std::atomic<int> asked = 0;
    scripted_userinfo slow([&asked](call& call) -> task<result<void>> {
        while (asked < 3) co_await sleep_until(steady::now() + 5ms);
        if (call.client_left()) co_return failure(errc::internal, "It waits.");
        co_return result<void>();
    });
    rpc_server server(slow);
    rpc_client client({server.address()});
    auto call = a_call();
    call.client_left = [&asked] {
        ++asked;
        return false;
    };
    EXPECT_TRUE(
        client.run(client.userinfo.perform(call, use_cases::log_in{.email = "e", .password = secret_string("p")})));
}

TEST(remote_userinfo, a_call_whose_caller_gave_up_is_told_to_the_service) {
    left_behind there;
    scripted_userinfo slow([&there](call& call) {
        call.deadline += 10s;  // the service's own patience is longer
        return there(call);
    });
    rpc_server server(slow);
    rpc_client client({server.address()});
    ASSERT_TRUE(eventually([&] { return read(client).has_value(); }));
    EXPECT_EQ(failure_of(read(client, 200ms)), errc::unavailable);
    EXPECT_TRUE(there.learned.get_future().get());
}

TEST(remote_userinfo, a_stopping_server_finishes_what_it_began) {
    std::promise<void> begun;
    scripted_userinfo slow([&begun](call&) -> task<result<void>> {
        begun.set_value();
        co_await sleep_until(steady::now() + 300ms);
        co_return result<void>();
    });
    rpc_server server(slow);
    rpc_client client({server.address()});
    auto outcome = std::async(std::launch::async, [&] { return write(client); });
    begun.get_future().wait();
    server.stop(10s);
    EXPECT_TRUE(outcome.get());
}

TEST(remote_userinfo, calls_go_to_all_instances) {
    scripted_userinfo one(succeed), two(succeed);
    rpc_server first(one), second(two);
    rpc_client client({first.address(), second.address()});
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(read(client));
    EXPECT_GT(one.calls(), 20u);
    EXPECT_GT(two.calls(), 20u);
}

TEST(remote_userinfo, a_call_under_way_outlives_the_list_that_it_was_made_by) {
    std::promise<void> begun;
    scripted_userinfo slow([&begun](call&) -> task<result<void>> {
        begun.set_value();
        co_await sleep_until(steady::now() + 300ms);
        co_return result<void>();
    });
    rpc_server server(slow);
    rpc_client client({server.address()});
    auto outcome = std::async(std::launch::async, [&] { return read(client); });
    begun.get_future().wait();
    client.update({});
    EXPECT_TRUE(outcome.get());
}

TEST(remote_userinfo, a_read_whose_instance_left_the_list_and_went_away_is_done_by_another) {
    std::promise<void> begun;
    scripted_userinfo silent([&begun](call& call) -> task<result<void>> {
        begun.set_value();
        co_await sleep_until(call.deadline);
        co_return result<void>();
    });
    scripted_userinfo other(succeed);
    rpc_server goes(silent), stays(other);
    tcp_proxy between(port_of(goes));
    rpc_client client({"127.0.0.1:" + std::to_string(between.port())});
    auto outcome = std::async(std::launch::async, [&] { return read(client, 2s); });
    begun.get_future().wait();
    client.update({{.target = stays.address()}});
    between.refuse();
    EXPECT_TRUE(outcome.get());
    EXPECT_EQ(other.calls(), 1u);
}

TEST(remote_userinfo, a_write_whose_connection_is_lost_on_the_way_is_not_made_again) {
    std::promise<void> begun;
    scripted_userinfo silent([&begun](call& call) -> task<result<void>> {
        begun.set_value();
        co_await sleep_until(call.deadline - 8s);
        co_return result<void>();
    });
    scripted_userinfo other(succeed);
    rpc_server goes(silent), stays(other);
    tcp_proxy between(port_of(goes));
    rpc_client client({"127.0.0.1:" + std::to_string(between.port())});
    auto outcome = std::async(std::launch::async, [&] { return write(client); });
    begun.get_future().wait();
    client.update({{.target = stays.address()}});
    between.refuse();
    EXPECT_EQ(failure_of(outcome.get()), errc::unavailable);
    EXPECT_EQ(other.calls(), 0u);
}

TEST(remote_userinfo, an_instance_that_left_the_list_gets_no_more) {
    scripted_userinfo one(succeed), two(succeed);
    rpc_server first(one), second(two);
    rpc_client client({first.address(), second.address()});
    client.update({{.target = second.address()}});
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(read(client));
    EXPECT_EQ(one.calls(), 0u);
    client.update({});
    EXPECT_EQ(failure_of(read(client)), errc::unavailable);
}

}  // namespace
}  // namespace userinfo::rpc
