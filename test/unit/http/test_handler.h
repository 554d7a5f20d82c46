// A handler for the tests of the listener: tells what it was asked; "/wait" is answered when the test says so.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "base/metrics.h"
#include "base/timer.h"
#include "http/handler.h"
#include "http/listener.h"

namespace userinfo::http {

class test_handler final : public handler {
public:
    task<reply> handle(const request& request) override {
        ++requests;
        if (request.path == "/wait") {
            set_probe(request.client_left);
            co_await wait();
        }
        reply reply{.content_type = "text/plain"};
        if (request.path == "/large")
            reply.body.assign(20'000'000, 'x');
        else
            reply.body = std::string(to_string(request.method)) + " " + std::string(request.path) + " " +
                         std::string(request.body) + " " + std::string(request.peer_address);
        reply.close = request.path == "/last";
        co_return reply;
    }

    reply reject(rejection why, std::string_view peer_address) override {
        return {.body = "rejected: " + std::to_string(status_of(why)) + " " + std::string(peer_address)};
    }

    // What the request that waits says of its client; from any thread.
    bool client_left() {
        const std::scoped_lock lock(mutex_);
        return probe_ && probe_();
    }

    // How many wait now.
    std::atomic<int> waiting = 0;
    std::atomic<bool> released = false;
    std::atomic<int> requests = 0;

private:
    void set_probe(const std::function<bool()>& probe) {
        const std::scoped_lock lock(mutex_);
        probe_ = probe;
    }

    task<void> wait() {
        ++waiting;
        while (!released) co_await sleep_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(1));
        --waiting;
    }

    std::mutex mutex_;
    std::function<bool()> probe_;
};

// A server with two threads on a free port, or where it is told.
struct test_server {
    explicit test_server(const http::limits& limits = {}, const net::tls_certificate* certificate = nullptr)
        : test_server(net::address{.host = "127.0.0.1", .port = 0}, limits, {}, certificate) {}

    explicit test_server(net::bound_socket socket, const http::limits& limits = {}, ip_networks proxies = {},
                         const net::tls_certificate* certificate = nullptr)
        : listener(threads, std::move(socket), handler, limits, refused, std::move(proxies), certificate) {}

    ~test_server() { handler.released = true; }

    // Waits until `condition` holds; false if it does not within 5 s.
    static bool becomes_true(const auto& condition) {
        for (int i = 0; i < 5000 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return condition();
    }

    bool has_refused(const std::string& reason, int times) const {
        const auto name = R"(userinfo_connections_refused_total{listener="test",reason=")" + reason + "\"} ";
        return figures.text().contains(name + std::to_string(times) + "\n");
    }

    test_handler handler;
    metrics figures;
    net::refused_connections refused{figures, "test", {net::refusal::full, net::refusal::source}};
    net::io_threads threads{2};
    http::listener listener;
};

}  // namespace userinfo::http
