// A server of gRPC whose handler is the test's own, and a channel to it, each on a thread of its own.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "h2/channel.h"
#include "h2/server.h"
#include "http/io_threads.h"
#include "programs/run_task.h"

namespace userinfo::h2 {

using answer_function = std::function<task<void>(server_call&)>;

// Sends back what came, and the metadata "asked" as "echoed".
inline task<void> echo(server_call& call) {
    const auto message = co_await call.read();
    if (message) call.write(*message);
    call.finish({}, {{"echoed", std::string(call.metadata().value_of("asked"))}});
}

class test_server final : public call_handler {
public:
    explicit test_server(answer_function answer = echo, const std::string& where = "127.0.0.1:0")
        : answer_(std::move(answer)), server_(http::address::parse(where), nullptr, *this, threads_.contexts()) {}

    task<void> answer(server_call& call) override { return answer_(call); }

    std::string target() const { return server_.local_address().to_string(); }
    std::uint16_t port() const { return server_.local_address().port; }
    void drain(std::chrono::milliseconds patience) { server_.drain(patience); }

private:
    const answer_function answer_;
    http::io_threads threads_{1};
    server server_;
};

class test_client {
public:
    explicit test_client(std::string target)
        : channel_(std::make_shared<channel>(threads_[0].get_executor(), server_place{std::move(target)},
                                             [this](bool up) { ++(up ? ups : downs); })) {}
    ~test_client() { threads_.stop(); }

    test_client(const test_client&) = delete;
    test_client& operator=(const test_client&) = delete;

    reply ask(request request) { return programs::run_task(threads_[0], channel_->ask(std::move(request))); }

    io_executor executor() { return threads_[0].get_executor(); }
    channel& link() { return *channel_; }

    std::atomic<int> ups = 0, downs = 0;

private:
    http::io_threads threads_{1};
    const std::shared_ptr<channel> channel_;
};

inline request a_request(std::string message = "", std::chrono::milliseconds time = std::chrono::seconds(10)) {
    return {.path = "/test.Test/Echo",
            .fields = {},
            .message = std::move(message),
            .deadline = std::chrono::steady_clock::now() + time};
}

}  // namespace userinfo::h2
