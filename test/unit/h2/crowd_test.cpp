// Who gets in at a server, and stays, while others only hold connections.
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/eventually.h"
#include "support/http2_client.h"
#include "support/scratch_folder.h"
#include "support/scripted_rpc.h"
#include "unit/h2/authority_files.h"
#include "unit/http/test_client.h"

namespace userinfo::h2 {
namespace {

using namespace std::chrono_literals;
using namespace test;
using net::tls_certificate;
using progress = reply::progress;
using side = tls_certificate::side;

// Connections that send `words`, and no more.
class crowd {
public:
    crowd(const net::address& server, std::string words) : server_(server), words_(std::move(words)) {}

    void add(int count) {
        for (; count > 0; --count) {
            members_.push_back(std::make_unique<http::test_client>(server_));
            members_.back()->send(words_);
        }
    }

    http::test_client& oldest() { return *members_.front(); }

private:
    const net::address server_;
    const std::string words_;
    std::vector<std::unique_ptr<http::test_client>> members_;
};

class crowd_test : public testing::Test {
protected:
    crowd_test() { std::signal(SIGPIPE, SIG_IGN); }

    // That a new client is answered each time, however many of the crowd come.
    static void expect_a_way_in(const scripted_rpc& server, const std::string& words,
                                const tls_certificate* certificate) {
        crowd crowd(server.local_address(), words);
        for (int round = 0; round < 25; ++round) {
            crowd.add(20);
            // Who would come among them and say nothing for a moment might have to give way.
            EXPECT_TRUE(eventually([&] { return server.refused("displaced") >= 20 * (round + 1) - 64; }));
            rpc_caller caller(server.target(), certificate);
            EXPECT_TRUE(caller.is_answered()) << round;
        }
        EXPECT_GE(server.refused("displaced"), 25 * 20 - 64);
        EXPECT_EQ(server.refused("full"), 0);
    }

    const authority authority_;
    const program_files server_files_{authority_}, client_files_{authority_, "DNS:gateway"};
    const tls_certificate server_certificate_{server_files_.files, side::server, "h2"};
    const tls_certificate client_certificate_{client_files_.files, side::client, "h2"};
    static constexpr server_limits few{
        .connections = 600, .newcomers = 64, .newcomers_per_source = 64, .proof_time = 60s};
};

TEST_F(crowd_test, that_is_silent_keeps_nobody_out) {
    const scripted_rpc secure(echo, &server_certificate_, "127.0.0.1:0", few);
    expect_a_way_in(secure, "", &client_certificate_);
    const scripted_rpc plain(echo, nullptr, "127.0.0.1:0", few);
    expect_a_way_in(plain, "", nullptr);
}

TEST_F(crowd_test, that_begins_to_speak_keeps_nobody_out) {
    const scripted_rpc secure(echo, &server_certificate_, "127.0.0.1:0", few);
    expect_a_way_in(secure, "\x16\x03", &client_certificate_);
    const scripted_rpc plain(echo, nullptr, "127.0.0.1:0", few);
    expect_a_way_in(plain, "PRI * HTTP/2.0", nullptr);
}

TEST_F(crowd_test, of_another_source_takes_no_place_of_a_newcomer) {
    const scripted_rpc server(echo, nullptr, "127.0.0.1:0",
                              {.newcomers = 4, .newcomers_per_source = 4, .proof_time = 60s});
    const http::test_client slow(server.local_address(), "127.0.0.2");
    crowd crowd(server.local_address(), "");
    crowd.add(100);
    EXPECT_TRUE(eventually([&] { return server.refused("displaced") == 97; }));
    EXPECT_TRUE(slow.is_left_waiting(0ms));
    EXPECT_TRUE(crowd.oldest().is_ended_by_server());
}

TEST_F(crowd_test, that_has_not_proven_itself_in_time_is_gone) {
    for (const auto* const certificate : {&server_certificate_, static_cast<const tls_certificate*>(nullptr)}) {
        scripted_rpc server(echo, certificate, "127.0.0.1:0", {.proof_time = 500ms});
        rpc_caller caller(server.target(), certificate == nullptr ? nullptr : &client_certificate_);
        ASSERT_TRUE(caller.is_answered());
        http::test_client silent(server.local_address());
        http::test_client stopped(server.local_address());
        stopped.send(certificate == nullptr ? "PRI * HTTP/2.0\r\n" : "\x16\x03\x01");
        silent.receive_all();
        stopped.receive_all();  // the server's SETTINGS, without TLS
        EXPECT_EQ(server.refused("unproven"), 2);
        EXPECT_TRUE(caller.is_answered());
        EXPECT_EQ(caller.told(), std::vector<bool>());
    }
}

TEST_F(crowd_test, at_a_unix_socket_has_proven_itself_but_must_speak) {
    const scratch_folder folder;
    const auto where = "unix:" + (folder / "rpc.sock").string();
    const scripted_rpc server(echo, nullptr, where,
                              {.connections = 4, .newcomers = 1, .newcomers_per_source = 1, .proof_time = 500ms});
    const auto address = net::address::parse(where);
    http::test_client first(address), second(address), third(address);
    rpc_caller caller(where);
    EXPECT_TRUE(caller.is_answered());
    EXPECT_EQ(server.refused("displaced"), 0);
    for (auto* const silent : {&first, &second, &third}) EXPECT_TRUE(silent->is_ended_by_server());
    EXPECT_EQ(server.refused("unproven"), 3);
    EXPECT_TRUE(caller.is_answered());
}

TEST_F(crowd_test, that_has_proven_itself_is_limited_and_not_displaced) {
    const scripted_rpc server(echo, nullptr, "127.0.0.1:0", {.connections = 2});
    http2_client first(server.local_address()), second(server.local_address());
    for (auto* const client : {&first, &second}) EXPECT_TRUE(client->finish(client->call("/test.Test/Call", "hello")));
    http::test_client third(server.local_address());
    EXPECT_TRUE(third.is_ended_by_server());
    EXPECT_EQ(server.refused("full"), 1);
    for (auto* const client : {&first, &second}) EXPECT_TRUE(client->finish(client->call("/test.Test/Call", "hello")));
    first.tcp().shut_down_sending();
    EXPECT_TRUE(eventually([&] { return rpc_caller(server.target()).is_answered(); }));
}

}  // namespace
}  // namespace userinfo::h2
