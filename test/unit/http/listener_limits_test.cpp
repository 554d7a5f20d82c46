// What a listener does with clients that are slow, idle or too many, and at its end.
#include <future>
#include <string>
#include <vector>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "http/listener.h"
#include "unit/http/test_client.h"
#include "unit/http/test_handler.h"

namespace userinfo::http {
namespace {

using namespace std::chrono_literals;

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string get_wait = "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n";

// That a client is turned away which sends `begin` and then a byte now and then.
void expect_end_of_trickle(const test_server& server, std::string_view begin) {
    test_client client(server.listener.local_address());
    const auto give_up = std::chrono::steady_clock::now() + 3s;
    client.send(begin);
    while (client.is_left_waiting(10ms) && std::chrono::steady_clock::now() < give_up) client.send("x");
    EXPECT_LT(std::chrono::steady_clock::now(), give_up);
    EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 408 "));
}

TEST(listener_limits, turns_away_a_header_that_does_not_end_in_time) {
    test_server server({.header_time = 40ms});
    test_client client(server.listener.local_address());
    client.send("GET / HTTP/1.1\r\n");
    EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 408 "));
}

TEST(listener_limits, gives_no_more_time_to_a_header_that_trickles) {
    test_server server({.header_time = 60ms});
    expect_end_of_trickle(server, "GET / HTTP/1.1\r\nX: ");
}

TEST(listener_limits, gives_no_more_time_to_a_body_that_trickles) {
    test_server server({.body_time = 60ms});
    expect_end_of_trickle(server, "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n");
}

TEST(listener_limits, turns_away_a_body_that_does_not_come_in_time) {
    test_server server({.body_time = 40ms});
    test_client client(server.listener.local_address());
    client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 408 "));
}

TEST(listener_limits, ends_idle_connections_without_a_word) {
    test_server server({.idle_time = 40ms});
    test_client silent(server.listener.local_address());
    test_client served(server.listener.local_address());
    served.send(get);
    served.receive_reply();
    EXPECT_TRUE(silent.is_ended_by_server());
    EXPECT_TRUE(served.is_ended_by_server());
    EXPECT_TRUE(server.becomes_true([&] { return server.listener.open_connections() == 0; }));
}

TEST(listener_limits, does_not_hurry_a_handler) {
    test_server server({.header_time = 20ms, .body_time = 20ms, .idle_time = 20ms, .write_time = 20ms});
    test_client client(server.listener.local_address());
    client.send(get_wait);
    EXPECT_TRUE(client.is_left_waiting(150ms));
    server.handler.released = true;
    EXPECT_TRUE(client.receive_reply().starts_with("HTTP/1.1 200 "));
}

TEST(listener_limits, drops_a_client_that_does_not_take_its_reply) {
    test_server server({.write_time = 40ms});
    const test_client client(server.listener.local_address());
    client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(server.becomes_true([&] { return server.handler.requests == 1; }));
    EXPECT_TRUE(server.becomes_true([&] { return server.listener.open_connections() == 0; }));
}

TEST(listener_limits, closes_connections_above_their_number_at_once) {
    test_server server({.connections = 2});
    test_client first(server.listener.local_address());
    test_client second(server.listener.local_address());
    EXPECT_TRUE(server.becomes_true([&] { return server.listener.open_connections() == 2; }));
    test_client third(server.listener.local_address());
    EXPECT_TRUE(third.is_ended_by_server());
    first.send(get);
    EXPECT_TRUE(first.receive_reply().starts_with("HTTP/1.1 200 "));

    second.abort();
    EXPECT_TRUE(server.becomes_true([&] { return server.listener.open_connections() == 1; }));
    test_client fourth(server.listener.local_address());
    fourth.send(get);
    EXPECT_TRUE(fourth.receive_reply().starts_with("HTTP/1.1 200 "));
}

bool is_served(test_client& client) {
    client.send(get);
    return client.receive_reply().starts_with("HTTP/1.1 200 ");
}

TEST(listener_limits, closes_connections_above_the_share_of_their_source_at_once) {
    test_server server({.connections_per_source = 2});
    test_client first(server.listener.local_address());
    test_client second(server.listener.local_address());
    EXPECT_TRUE(server.becomes_true([&] { return server.listener.open_connections() == 2; }));
    test_client third(server.listener.local_address());
    EXPECT_TRUE(third.is_ended_by_server());
    test_client other(server.listener.local_address(), "127.0.0.2");
    EXPECT_TRUE(is_served(other));
    EXPECT_TRUE(is_served(first));
    EXPECT_TRUE(server.has_refused("source", 1));

    second.abort();
    EXPECT_TRUE(server.becomes_true([&] { return server.listener.open_connections() == 2; }));
    test_client fourth(server.listener.local_address());
    EXPECT_TRUE(is_served(fourth));
    EXPECT_TRUE(server.has_refused("source", 1));
    EXPECT_TRUE(server.has_refused("full", 0));
}

TEST(listener_limits, lets_a_proxy_have_more_than_the_share_of_a_source) {
    const net::address where{.host = "127.0.0.1", .port = 0};
    test_server server(where, {.connections = 3, .connections_per_source = 1}, ip_networks({"127.0.0.0/31"}));
    test_client first(server.listener.local_address());
    test_client second(server.listener.local_address());
    EXPECT_TRUE(is_served(first));
    EXPECT_TRUE(is_served(second));
    test_client other(server.listener.local_address(), "127.0.0.2");
    EXPECT_TRUE(is_served(other));
    test_client too_many(server.listener.local_address());
    EXPECT_TRUE(too_many.is_ended_by_server());
    EXPECT_TRUE(server.has_refused("full", 1));
    first.abort();
    EXPECT_TRUE(server.becomes_true([&] { return server.listener.open_connections() == 2; }));
    test_client same(server.listener.local_address(), "127.0.0.2");
    EXPECT_TRUE(same.is_ended_by_server());
    EXPECT_TRUE(server.has_refused("source", 1));
}

TEST(listener_limits, goes_on_accepting_after_file_descriptors_ran_out) {
    test_server server;
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    test_client waiting(server.listener.local_address());
    EXPECT_TRUE(server.becomes_true([&] { return server.listener.open_connections() == 1; }));

    std::vector<int> taken;
    const rlimit few{.rlim_cur = 64, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
    for (int fd = 0; (fd = dup(2)) >= 0;) taken.push_back(fd);
    ASSERT_FALSE(taken.empty());
    close(taken.back());
    taken.pop_back();
    test_client client(server.listener.local_address());  // takes the last one
    client.send(get);
    EXPECT_TRUE(client.is_left_waiting(50ms));

    for (const int fd : taken) close(fd);
    setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_TRUE(client.receive_reply().starts_with("HTTP/1.1 200 "));
}

TEST(listener_drain, ends_idle_connections_and_finishes_running_requests) {
    test_server server;
    test_client idle(server.listener.local_address());
    test_client busy(server.listener.local_address());
    idle.send(get);
    idle.receive_reply();
    busy.send(get_wait);
    EXPECT_TRUE(server.becomes_true([&] { return server.handler.waiting == 1; }));

    auto cut_off = std::async(std::launch::async, [&] { return server.listener.drain(60s); });
    EXPECT_TRUE(idle.is_ended_by_server());
    server.handler.released = true;
    const auto reply = busy.receive_all();
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 200 ") && reply.contains("\r\nConnection: close\r\n")) << reply;
    busy.shut_down_sending();
    EXPECT_EQ(cut_off.get(), 0U);
}

// Sends requests until a reply says that the connection ends: from then on, the server drains.
bool is_told_to_close(test_client& client) {
    const auto give_up = std::chrono::steady_clock::now() + 5s;
    while (std::chrono::steady_clock::now() < give_up) {
        client.send(get);
        if (client.receive_reply().contains("\r\nConnection: close\r\n")) return true;
    }
    return false;
}

TEST(listener_drain, tells_a_client_by_a_reply_that_its_connection_ends) {
    test_server server({.drain_idle_time = 60s});
    test_client client(server.listener.local_address());
    client.send(get);
    client.receive_reply();
    auto cut_off = std::async(std::launch::async, [&] { return server.listener.drain(120s); });
    EXPECT_TRUE(is_told_to_close(client));
    EXPECT_TRUE(client.is_ended_by_server());
    client.shut_down_sending();
    EXPECT_EQ(cut_off.get(), 0U);
}

TEST(listener_drain, answers_who_comes_while_others_are_idle) {
    test_server server({.drain_idle_time = 60s});
    test_client idle(server.listener.local_address());
    test_client first(server.listener.local_address());
    EXPECT_TRUE(server.becomes_true([&] { return server.listener.open_connections() == 2; }));
    auto cut_off = std::async(std::launch::async, [&] { return server.listener.drain(120s); });
    EXPECT_TRUE(is_told_to_close(first));
    test_client late(server.listener.local_address());
    late.send(get);
    const auto reply = late.receive_all();
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 200 ") && reply.contains("\r\nConnection: close\r\n")) << reply;
    for (const auto* const client : {&idle, &first, &late}) client->shut_down_sending();
    EXPECT_EQ(cut_off.get(), 0U);
}

TEST(listener_drain, answers_who_has_connected_but_was_not_accepted_yet) {
    test_server server({.drain_idle_time = 0ms});
    std::promise<void> go_on;
    std::promise<void> held;
    asio::post(server.threads[0], [&] {
        held.set_value();
        go_on.get_future().wait();
    });
    held.get_future().wait();
    test_client client(server.listener.local_address());
    client.send(get);
    auto cut_off = std::async(std::launch::async, [&] { return server.listener.drain(60s); });
    EXPECT_EQ(cut_off.wait_for(50ms), std::future_status::timeout);
    go_on.set_value();
    EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 200 "));
    client.shut_down_sending();
    EXPECT_EQ(cut_off.get(), 0U);
}

TEST(listener_drain, cuts_off_what_outlasts_its_patience) {
    test_server server;
    test_client client(server.listener.local_address());
    client.send(get_wait);
    EXPECT_TRUE(server.becomes_true([&] { return server.handler.waiting == 1; }));
    EXPECT_EQ(server.listener.drain(20ms), 1U);
    EXPECT_TRUE(client.is_ended_by_server());
}

TEST(listener_drain, lets_another_listener_have_the_port) {
    test_server server;
    const auto where = server.listener.local_address();
    server.listener.drain(0ms);
    const listener second(server.threads, where, server.handler, {}, server.refused);
    test_client client(where);
    client.send(get);
    EXPECT_TRUE(client.receive_reply().starts_with("HTTP/1.1 200 "));
}

TEST(listener_drain, may_happen_after_the_threads_have_stopped) {
    test_server server;
    test_client client(server.listener.local_address());
    client.send(get_wait);
    EXPECT_TRUE(server.becomes_true([&] { return server.handler.waiting == 1; }));
    server.threads.stop();
    EXPECT_EQ(server.listener.drain(10s), 1U);
}

TEST(listener_drain, may_meet_clients_that_just_come) {
    for (int round = 0; round < 20; ++round) {
        const test_server server;
        const test_client first(server.listener.local_address());
        const test_client second(server.listener.local_address());
        first.send(get);
        second.send(get);
    }
}

}  // namespace
}  // namespace userinfo::http
