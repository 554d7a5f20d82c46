// A listener that speaks TLS, with clients that behave and clients that go in the middle of anything.
#include <array>
#include <chrono>
#include <csignal>
#include <future>
#include <string>

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "http/listener.h"
#include "unit/http/test_client.h"
#include "unit/http/test_handler.h"
#include "unit/net/certificate_files.h"

namespace userinfo::http {
namespace {

using namespace std::chrono_literals;

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

// A client that trusts anybody.
class tls_client {
public:
    explicit tls_client(const net::address& server)
        : tcp(server), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), connection_(SSL_new(context_.get())) {
        SSL_set_fd(connection_.get(), tcp.descriptor());
    }

    bool shake_hands() const { return SSL_connect(connection_.get()) == 1; }

    void send(const std::string& text) const {
        EXPECT_EQ(SSL_write(connection_.get(), text.data(), static_cast<int>(text.size())),
                  static_cast<int>(text.size()));
    }

    // What comes until there are `size` bytes, or the end.
    std::string receive(std::size_t size = static_cast<std::size_t>(-1)) const {
        std::string all;
        std::array<char, 20'000> bytes;
        std::size_t count = 0;
        while (all.size() < size && SSL_read_ex(connection_.get(), bytes.data(), bytes.size(), &count) == 1)
            all.append(bytes.data(), count);
        return all;
    }

    // Renews its keys as fast as it can; returns whether the server ended that within 10 s.
    bool renews_keys_until_ended() const {
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        while (SSL_key_update(connection_.get(), SSL_KEY_UPDATE_NOT_REQUESTED) == 1 &&
               SSL_do_handshake(connection_.get()) == 1) {
            if (std::chrono::steady_clock::now() > deadline) return false;
        }
        return true;
    }

    // Whether the server said that this is the end.
    bool was_told_the_end() const { return (SSL_get_shutdown(connection_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

    test_client tcp;

private:
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
    const net::tls_connection connection_;
};

class tls_listener : public testing::Test {
protected:
    tls_listener() { std::signal(SIGPIPE, SIG_IGN); }

    const net::certificate_files made_;
    const net::tls_certificate certificate_{made_.files};
};

TEST_F(tls_listener, answers_requests_one_after_the_other) {
    test_server server({}, &certificate_);
    const tls_client client(server.listener.local_address());
    ASSERT_TRUE(client.shake_hands());
    for (int i = 0; i < 3; ++i) {
        client.send(get("/" + std::to_string(i)));
        EXPECT_TRUE(client.receive(1).contains("GET /" + std::to_string(i) + " "));
    }
    client.send(get("/last"));
    EXPECT_TRUE(client.receive().contains("\r\nConnection: close\r\n"));
    EXPECT_TRUE(client.was_told_the_end());
}

TEST_F(tls_listener, sends_a_reply_whole_that_the_kernel_does_not_take_at_once) {
    test_server server({}, &certificate_);
    const tls_client client(server.listener.local_address());
    ASSERT_TRUE(client.shake_hands());
    client.send(get("/large") + get("/last"));
    const auto all = client.receive();
    EXPECT_EQ(all.size() / 1'000'000, 20U);
    EXPECT_TRUE(all.contains("GET /last "));
}

TEST_F(tls_listener, reads_a_body_of_several_records) {
    test_server server({}, &certificate_);
    const tls_client client(server.listener.local_address());
    ASSERT_TRUE(client.shake_hands());
    const std::string body(60'000, 'y');
    client.send("PUT /last HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n");
    client.send(body);
    EXPECT_TRUE(client.receive().contains("PUT /last " + body + " "));
}

TEST_F(tls_listener, ends_handshakes_and_idle_connections_that_take_too_long) {
    test_server server({.header_time = 60ms, .idle_time = 60ms}, &certificate_);
    tls_client silent(server.listener.local_address());
    tls_client half(server.listener.local_address());
    half.tcp.send(std::string_view("\x16\x03\x01\x02\x00\x01", 6));
    const tls_client idle(server.listener.local_address());
    ASSERT_TRUE(idle.shake_hands());
    EXPECT_TRUE(silent.tcp.is_ended_by_server());
    EXPECT_TRUE(half.tcp.is_ended_by_server());
    EXPECT_EQ(idle.receive(), "");
    EXPECT_TRUE(idle.was_told_the_end());
    EXPECT_TRUE(server.becomes_true([&] { return server.listener.open_connections() == 0; }));
}

TEST_F(tls_listener, a_client_that_only_renews_its_keys_holds_nobody_up_and_is_let_go) {
    test_server server({.idle_time = 1s}, &certificate_);
    const tls_client flood(server.listener.local_address());
    ASSERT_TRUE(flood.shake_hands());
    auto ended = std::async(std::launch::async, [&] { return flood.renews_keys_until_ended(); });
    for (int i = 0; i < 4; ++i) {  // on both threads
        const tls_client other(server.listener.local_address());
        ASSERT_TRUE(other.shake_hands());
        other.send(get("/"));
        EXPECT_TRUE(other.receive(1).contains("GET / "));
    }
    EXPECT_EQ(ended.wait_for(0s), std::future_status::timeout);
    EXPECT_TRUE(ended.get());
}

TEST_F(tls_listener, bytes_that_make_no_record_gain_no_time) {
    test_server server({.idle_time = 100ms}, &certificate_);
    const tls_client client(server.listener.local_address());
    ASSERT_TRUE(client.shake_hands());
    const auto begin = std::chrono::steady_clock::now();
    client.tcp.send(std::string_view("\x17\x03\x03\x40\x00", 5));
    while (client.tcp.is_left_waiting(10ms) && std::chrono::steady_clock::now() < begin + 5s) client.tcp.send("x");
    EXPECT_LT(std::chrono::steady_clock::now(), begin + 5s);
}

TEST_F(tls_listener, ends_a_connection_that_does_not_speak_tls_in_order) {
    test_server server({}, &certificate_);
    test_client client(server.listener.local_address());
    client.send(get("/"));
    EXPECT_FALSE(client.receive_all().contains("HTTP"));
    EXPECT_EQ(server.handler.requests, 0);
}

TEST_F(tls_listener, forgets_clients_that_go_in_the_middle_of_anything) {
    test_server server({}, &certificate_);
    int requests = 0;
    for (const auto& part : {std::string(), std::string("GET / HT"), get("/wait"), get("/large")})
        for (const bool reset : {false, true}) {
            tls_client client(server.listener.local_address());
            ASSERT_TRUE(client.shake_hands());
            if (!part.empty()) client.send(part);
            // A reset may overtake what was sent before it.
            if (part.ends_with("\r\n\r\n")) ++requests;
            EXPECT_TRUE(server.becomes_true([&] { return server.handler.requests == requests; }));
            if (reset) client.tcp.abort();
        }
    EXPECT_TRUE(server.becomes_true([&] { return server.handler.waiting == 2; }));
    server.handler.released = true;
    EXPECT_TRUE(server.becomes_true([&] { return server.listener.open_connections() == 0; }));
}

TEST_F(tls_listener, drains_and_cuts_off) {
    test_server server({}, &certificate_);
    const tls_client idle(server.listener.local_address());
    const tls_client busy(server.listener.local_address());
    tls_client silent(server.listener.local_address());
    ASSERT_TRUE(idle.shake_hands() && busy.shake_hands());
    busy.send(get("/wait"));
    EXPECT_TRUE(server.becomes_true([&] { return server.handler.waiting == 1; }));
    auto cut_off = std::async(std::launch::async, [&] { return server.listener.drain(500ms); });
    EXPECT_EQ(idle.receive(), "");
    EXPECT_TRUE(idle.was_told_the_end());
    EXPECT_TRUE(silent.tcp.is_ended_by_server());
    EXPECT_EQ(cut_off.get(), 1U);
    EXPECT_EQ(busy.receive(), "");
}

}  // namespace
}  // namespace userinfo::http
