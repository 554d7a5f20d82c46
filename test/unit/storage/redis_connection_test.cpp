#include <future>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "storage/redis/connection.h"
#include "support/background_thread.h"

namespace userinfo::redis {
namespace {

using namespace std::chrono_literals;
using asio::ip::tcp;

// A server that says what the test tells it to.
class scripted_redis {
public:
    endpoint where() const { return {.host = "127.0.0.1", .port = acceptor_.local_endpoint().port()}; }

    void accept() { acceptor_.accept(link_); }

    // What has come in one piece.
    std::string read_some() {
        std::string room(65'536, '\0');
        room.resize(link_.read_some(asio::buffer(room)));
        return room;
    }

    std::string read(std::size_t size) {
        std::string room(size, '\0');
        asio::read(link_, asio::buffer(room));
        return room;
    }

    void write(std::string_view text) { asio::write(link_, asio::buffer(text)); }
    void close() { link_.close(); }

    // Whether the client has closed its end.
    bool sees_end() {
        boost::system::error_code error;
        char byte = 0;
        while (link_.read_some(asio::buffer(&byte, 1), error) > 0) {
        }
        return error == asio::error::eof || error == asio::error::connection_reset;
    }

private:
    asio::io_context context_;
    tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
    tcp::socket link_{context_};
};

class redis_connection_test : public testing::Test {
protected:
    using answered = std::future<answers>;

    // On the connection's own thread.
    template <class Work>
    auto there(Work work) {
        return asio::post(context_, asio::use_future(std::move(work))).get();
    }

    void open(const std::string& password = {}, std::chrono::milliseconds limit = 20s) {
        const connection_options options{.password = password, .time_limit = limit};
        there([&] { connection_ = connection::open(context_.get_executor(), node_, options); });
    }

    std::vector<answered> ask(const std::vector<std::string>& words) {
        return there([&] {
            std::vector<answered> asked;
            for (const auto& word : words) {
                asked.push_back(asio::co_spawn(context_, ask_one(*connection_, command({word})), asio::use_future));
            }
            return asked;
        });
    }

    static task<answers> ask_one(connection& link, std::string commands) { co_return co_await link.ask(commands, 1); }

    static std::string text_of(answered& asked) {
        const auto got = asked.get();
        return got ? std::string(got->front().text().value_or("")) : "no answer";
    }

    static std::optional<failure> failure_of(answered& asked) {
        const auto got = asked.get();
        return got ? std::nullopt : std::optional(got.error());
    }

    scripted_redis server_;
    cluster_node node_{server_.where(), 0};
    asio::io_context context_{1};
    asio::executor_work_guard<io_executor> guard_{context_.get_executor()};
    std::shared_ptr<connection> connection_;
    test::background_thread thread_{context_};
};

TEST_F(redis_connection_test, commands_of_many_go_out_in_one_piece_and_each_gets_its_reply) {
    open();
    server_.accept();
    for (int round = 0; round < 2; ++round) {
        auto asked = ask({"A", "B", "C"});
        EXPECT_EQ(server_.read_some(), "*1\r\n$1\r\nA\r\n*1\r\n$1\r\nB\r\n*1\r\n$1\r\nC\r\n");
        server_.write("+a\r\n$1\r\nb");
        server_.write("\r\n+c\r\n");
        EXPECT_EQ(text_of(asked[0]), "a");
        EXPECT_EQ(text_of(asked[1]), "b");
        EXPECT_EQ(text_of(asked[2]), "c");
    }
}

TEST_F(redis_connection_test, the_password_comes_before_all_else) {
    open("secret");
    auto asked = ask({"A"});
    server_.accept();
    const auto expected = command({"AUTH", "secret"}) + command({"A"});
    EXPECT_EQ(server_.read(expected.size()), expected);
    server_.write("+OK\r\n+a\r\n");
    EXPECT_EQ(text_of(asked[0]), "a");
}

TEST_F(redis_connection_test, who_refuses_the_password_is_set_aside) {
    open("secret");
    auto asked = ask({"A"});
    server_.accept();
    server_.write("-WRONGPASS invalid username-password pair\r\n-NOAUTH Authentication required.\r\n");
    EXPECT_EQ(failure_of(asked[0]), failure::unreachable);
    EXPECT_TRUE(node_.is_aside());
    EXPECT_TRUE(server_.sees_end());
}

TEST_F(redis_connection_test, a_reply_that_does_not_come_ends_the_connection_for_all_who_wait) {
    open({}, 300ms);
    server_.accept();
    auto asked = ask({"A", "B"});
    server_.write("+a\r\n");
    EXPECT_EQ(text_of(asked[0]), "a");
    EXPECT_EQ(failure_of(asked[1]), failure::timed_out);
    EXPECT_TRUE(server_.sees_end());
    auto later = ask({"C"});
    EXPECT_EQ(failure_of(later[0]), failure::timed_out);
    EXPECT_FALSE(node_.is_aside());
}

TEST_F(redis_connection_test, while_its_own_thread_is_busy_nobody_is_late) {
    open({}, 100ms);
    server_.accept();
    std::vector<answered> asked;
    there([&] {
        asked.push_back(asio::co_spawn(context_, ask_one(*connection_, command({"A"})), asio::use_future));
        std::this_thread::sleep_for(1s);
    });
    EXPECT_EQ(server_.read_some(), command({"A"}));
    server_.write("+a\r\n");
    EXPECT_EQ(text_of(asked[0]), "a");
}

TEST_F(redis_connection_test, replies_of_several_reads_that_came_while_its_thread_was_busy_keep_their_order) {
    constexpr std::size_t count = 100;
    const auto nth = [](std::size_t n) { return std::to_string(1000 + n) + std::string(1020, '.'); };
    static constexpr auto answer_limit = 500ms;  // long enough to ask on a slow machine
    open({}, answer_limit);
    server_.accept();
    std::vector<answered> asked;
    std::string replies;
    std::size_t unread = 0;
    there([&] {
        for (std::size_t i = 0; i < count; ++i) {
            const auto question = command({nth(i).substr(0, 4)});
            unread += question.size();
            replies += "+" + nth(i) + "\r\n";
            asked.push_back(asio::co_spawn(context_, ask_one(*connection_, question), asio::use_future));
        }
    });
    while (unread > 0) unread -= server_.read_some().size();
    std::promise<void> busy;
    auto held = std::async(std::launch::async, [&] {
        there([&busy] {
            busy.set_value();
            std::this_thread::sleep_for(2 * answer_limit);
        });
    });
    busy.get_future().wait();
    server_.write(replies);
    held.get();
    for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(text_of(asked[i]), nth(i));
}

TEST_F(redis_connection_test, a_connection_that_ends_answers_nobody) {
    open();
    server_.accept();
    auto asked = ask({"A", "B"});
    server_.write("+a\r\n+b");
    server_.close();
    EXPECT_EQ(text_of(asked[0]), "a");
    EXPECT_EQ(failure_of(asked[1]), failure::lost);
    EXPECT_FALSE(node_.is_aside());
}

TEST_F(redis_connection_test, what_is_no_reply_ends_the_connection) {
    open();
    server_.accept();
    auto asked = ask({"A"});
    server_.write("SSH-2.0-OpenSSH_9.2\r\n");
    EXPECT_EQ(failure_of(asked[0]), failure::lost);
    EXPECT_TRUE(server_.sees_end());
}

TEST_F(redis_connection_test, a_reply_that_nobody_asked_for_ends_the_connection) {
    open();
    server_.accept();
    auto asked = ask({"A"});
    server_.write("+a\r\n+b\r\n");
    EXPECT_EQ(text_of(asked[0]), "a");
    EXPECT_TRUE(server_.sees_end());
}

TEST_F(redis_connection_test, who_does_not_listen_is_set_aside) {
    const auto gone = std::make_unique<scripted_redis>()->where();
    cluster_node node(gone, 1);
    there([&] { connection_ = connection::open(context_.get_executor(), node, {.password = {}, .time_limit = 20s}); });
    auto asked = ask({"A"});
    EXPECT_EQ(failure_of(asked[0]), failure::unreachable);
    EXPECT_TRUE(node.is_aside());
}

TEST_F(redis_connection_test, a_command_larger_than_a_socket_takes_arrives_whole) {
    open();
    server_.accept();
    const std::string large(8'000'000, 'x');
    auto asked = ask({large});
    const auto expected = command({large});
    EXPECT_TRUE(server_.read(expected.size()) == expected);
    server_.write("+a\r\n");
    EXPECT_EQ(text_of(asked[0]), "a");
}

}  // namespace
}  // namespace userinfo::redis
