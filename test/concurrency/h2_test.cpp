// Calls of gRPC from several threads to several threads, while servers come and go.
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "h2/channel.h"
#include "h2/server.h"
#include "net/io_threads.h"
#include "programs/run_task.h"
#include "unit/http/test_client.h"

namespace userinfo::h2 {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr std::size_t threads = 4;
constexpr int calls_of_each = 300;

class echo final : public call_handler {
public:
    task<void> answer(server_call& call) override {
        const auto message = co_await call.read();
        if (call.is_abandoned()) co_return;
        if (message) call.write(message->view());
        call.finish({});
    }

    void ended_unanswered(const server_call&) override {}
};

// What many callers got, each on a thread of its own.
struct tally {
    std::atomic<int> answered = 0, wrong = 0, not_answered = 0;
};

void call_often(net::io_threads& clients, std::size_t number, channel& channel, tally& tally) {
    for (int i = 0; i < calls_of_each; ++i) {
        const auto text = std::to_string(number) + "/" + std::to_string(i);
        const auto got = programs::run_task(
            clients[number],
            channel.ask({.path = "/test.Test/Echo", .fields = {}, .message = text, .deadline = steady::now() + 10s}));
        if (!got.status.is_ok())
            ++tally.not_answered;
        else
            ++(got.message.view() == text ? tally.answered : tally.wrong);
    }
}

void call_from_all_threads(const std::string& target, tally& tally, const auto& meanwhile) {
    net::io_threads clients(threads);
    std::vector<std::shared_ptr<channel>> channels;
    for (std::size_t i = 0; i < threads; ++i)
        channels.push_back(std::make_shared<channel>(clients[i].get_executor(), server_place{target}, [](bool) {}));
    {
        std::vector<std::jthread> callers;
        for (std::size_t i = 0; i < threads; ++i)
            callers.emplace_back([&, i] { call_often(clients, i, *channels[i], tally); });
        meanwhile();
    }
    for (const auto& each : channels) each->stop();
    clients.stop();
}

TEST(h2_concurrency, every_caller_gets_its_own_answers) {
    net::io_threads servers(threads);
    echo handler;
    metrics metrics;
    net::refused_connections refused(metrics, "test", server::refusals);
    counter& idle_ended = metrics.counter("idle_ended", "");
    server server(net::address::parse("127.0.0.1:0"), nullptr, handler, servers.contexts(), refused, idle_ended);
    tally tally;
    call_from_all_threads(server.local_address().to_string(), tally, [] {});
    EXPECT_EQ(tally.answered, static_cast<int>(threads) * calls_of_each);
    EXPECT_EQ(tally.wrong, 0);
}

// Places are taken, given away, proven and left on all threads at once.
TEST(h2_concurrency, callers_are_answered_while_silent_ones_come_and_go) {
    net::io_threads servers(threads);
    echo handler;
    metrics metrics;
    net::refused_connections refused(metrics, "test", server::refusals);
    counter& idle_ended = metrics.counter("idle_ended", "");
    server server(net::address::parse("127.0.0.1:0"), nullptr, handler, servers.contexts(), refused, idle_ended,
                  {.newcomers = 16, .newcomers_per_source = 8, .proof_time = 1s, .idle_time = 5ms});
    tally tally;
    call_from_all_threads(server.local_address().to_string(), tally, [&] {
        for (int round = 0; round < 20; ++round) {
            std::vector<std::unique_ptr<http::test_client>> silent;
            for (int i = 0; i < 16; ++i) silent.push_back(std::make_unique<http::test_client>(server.local_address()));
        }
    });
    EXPECT_GT(tally.answered, 0);
    EXPECT_EQ(tally.wrong, 0);
    EXPECT_EQ(tally.answered + tally.not_answered, static_cast<int>(threads) * calls_of_each);
}

TEST(h2_concurrency, a_server_that_stops_meanwhile_answers_right_or_not_at_all) {
    net::io_threads servers(threads);
    echo handler;
    metrics metrics;
    net::refused_connections refused(metrics, "test", server::refusals);
    counter& idle_ended = metrics.counter("idle_ended", "");
    server server(net::address::parse("127.0.0.1:0"), nullptr, handler, servers.contexts(), refused, idle_ended);
    tally tally;
    call_from_all_threads(server.local_address().to_string(), tally, [&] {
        while (tally.answered < calls_of_each) std::this_thread::yield();
        server.drain(10s);
    });
    EXPECT_EQ(tally.wrong, 0);
    EXPECT_EQ(tally.answered + tally.not_answered, static_cast<int>(threads) * calls_of_each);
}

}  // namespace
}  // namespace userinfo::h2
