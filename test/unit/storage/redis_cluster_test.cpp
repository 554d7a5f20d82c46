#include <atomic>
#include <functional>
#include <thread>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "net/io_threads.h"
#include "storage/redis/cluster.h"
#include "support/run_task.h"

namespace userinfo::redis {
namespace {

using asio::ip::tcp;

// A node that serves every slot as far as it says, and answers each other command as the test wants. For one client.
class willing_redis {
public:
    explicit willing_redis(std::function<std::string(const endpoint&)> answer)
        : answer_(std::move(answer)), thread_([this] { serve(); }) {}

    endpoint where() const { return {.host = "127.0.0.1", .port = acceptor_.local_endpoint().port()}; }

    std::atomic<int> asked = 0;

private:
    void serve() {
        tcp::socket link(context_);
        acceptor_.accept(link);
        boost::system::error_code error;
        for (std::string room(4096, '\0');;) {
            const auto size = link.read_some(asio::buffer(room), error);
            if (error) return;
            asio::write(link, asio::buffer(reply_to(room.substr(0, size))), error);
        }
    }

    std::string reply_to(const std::string& command) {
        if (command.find("CLUSTER") != command.npos) {
            return "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$0\r\n\r\n:" + std::to_string(where().port) + "\r\n";
        }
        ++asked;
        return answer_(where()) + "\r\n";
    }

    const std::function<std::string(const endpoint&)> answer_;
    asio::io_context context_;
    tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
    std::jthread thread_;
};

class redis_client {
public:
    explicit redis_client(const endpoint& seed)
        : cluster({.seeds = {seed}, .password = {}, .time_limit = std::chrono::seconds(20)}, {&threads_[0]}, figures_) {
    }
    ~redis_client() { threads_.stop(); }

    redis_client(const redis_client&) = delete;
    redis_client& operator=(const redis_client&) = delete;

    std::optional<failure> failure_of_get() {
        const auto got = test::run(cluster.ask("key", command({"GET", "key"})));
        return got ? std::nullopt : std::optional(got.error());
    }

private:
    metrics figures_;
    net::io_threads threads_{1};

public:
    redis::cluster cluster;
};

TEST(redis_cluster, knows_nobody_before_it_has_asked_one) {
    redis_client client({.host = "127.0.0.1", .port = 1});
    EXPECT_EQ(client.failure_of_get(), failure::nobody);
    EXPECT_FALSE(test::run(client.cluster.load()));
    EXPECT_EQ(client.failure_of_get(), failure::nobody);
}

TEST(redis_cluster, asks_on_a_thread_of_its_own_for_who_has_none) {
    willing_redis server([](const endpoint&) { return "+here"; });
    redis_client client(server.where());
    ASSERT_TRUE(test::run(client.cluster.load()));
    const auto got = test::run(client.cluster.ask("key", command({"GET", "key"})));
    ASSERT_TRUE(got);
    EXPECT_EQ(got->text(), "here");
}

TEST(redis_cluster, is_not_sent_round_in_circles_for_ever) {
    willing_redis server([](const endpoint& here) { return "-MOVED 1 " + here.to_string(); });
    redis_client client(server.where());
    ASSERT_TRUE(test::run(client.cluster.load()));
    EXPECT_EQ(client.failure_of_get(), failure::declined);
    EXPECT_EQ(server.asked, 6);
}

TEST(redis_cluster, what_a_node_declines_is_no_answer) {
    for (const std::string error :
         {"-TRYAGAIN Multiple keys request during rehashing of slot", "-CLUSTERDOWN", "-OOM"}) {
        willing_redis server([&](const endpoint&) { return error; });
        redis_client client(server.where());
        ASSERT_TRUE(test::run(client.cluster.load()));
        EXPECT_EQ(client.failure_of_get(), failure::declined) << error;
        EXPECT_EQ(server.asked, 1) << error;
    }
}

}  // namespace
}  // namespace userinfo::redis
