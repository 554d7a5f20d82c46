// A gRPC server that behaves as a test says, and clients of it, each on its own thread.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "base/metrics.h"
#include "base/timer.h"
#include "h2/channel.h"
#include "h2/server.h"
#include "net/io_threads.h"

namespace userinfo::test {

using rpc_script = std::function<task<void>(h2::server_call&)>;

inline task<void> echo(h2::server_call& call) {
    const auto message = co_await call.read();
    if (message) call.write(message->view());
    call.finish({});
}

// Waits until the caller is gone.
inline task<void> wait_for_leaving(h2::server_call& call) {
    while (!call.is_abandoned()) co_await sleep_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(2));
}

// Does not answer until it is released.
class gate {
public:
    task<void> operator()(h2::server_call& call) {
        ++waiting;
        while (!released && !call.is_abandoned())
            co_await sleep_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(2));
        co_await echo(call);
    }

    std::atomic<int> waiting = 0;  // the number of calls that ever waited
    std::atomic<bool> released = false;
};

class scripted_rpc final : private h2::call_handler {
public:
    explicit scripted_rpc(rpc_script script, const net::tls_certificate* certificate = nullptr,
                          const std::string& address = "127.0.0.1:0", const h2::server_limits& limits = {})
        : script_(std::move(script)),
          server_(net::address::parse(address), certificate, *this, threads_.contexts(), refused_, idle_ended_,
                  limits) {}

    void drain(std::chrono::milliseconds patience) { server_.drain(patience); }

    const net::address& local_address() const { return server_.local_address(); }
    std::string target() const { return local_address().to_string(); }

    // How many connections it has refused or ended for this reason.
    int refused(const std::string& reason) const {
        const auto name = R"(userinfo_connections_refused_total{listener="test",reason=")" + reason + "\"} ";
        const auto text = metrics_.text();
        return std::stoi(text.substr(text.find(name) + name.size()));
    }

    // How many connections it has ended because they carried no call.
    int idle_ended() const {
        const std::string name = "\nidle_ended ";
        const auto text = metrics_.text();
        return std::stoi(text.substr(text.find(name) + name.size()));
    }

private:
    task<void> answer(h2::server_call& call) override { return script_(call); }
    void ended_unanswered(const h2::server_call&) override {}

    const rpc_script script_;
    metrics metrics_;
    net::refused_connections refused_{metrics_, "test", h2::server::refusals};
    counter& idle_ended_ = metrics_.counter("idle_ended", "");
    net::io_threads threads_{1};
    h2::server server_;
};

// An h2::request with a long deadline and any method, unless told otherwise.
struct rpc_request {
    std::string_view path = "/test.Test/Call";
    h2::fields fields = {};
    std::string message = {};
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    std::function<bool()> is_abandoned = {};
};

class rpc_caller {
public:
    explicit rpc_caller(std::string target, const net::tls_certificate* certificate = nullptr)
        : channel_(std::make_shared<h2::channel>(threads_[0].get_executor(),
                                                 h2::server_place{std::move(target), certificate}, [this](bool up) {
                                                     const std::scoped_lock lock(mutex_);
                                                     told_.push_back(up);
                                                 })) {}

    ~rpc_caller() { threads_.stop(); }

    rpc_caller(const rpc_caller&) = delete;
    rpc_caller& operator=(const rpc_caller&) = delete;

    std::future<h2::reply> begin(rpc_request call) {
        return asio::co_spawn(threads_[0], perform(channel_, std::move(call)), asio::use_future);
    }

    h2::reply ask(rpc_request request) { return begin(std::move(request)).get(); }

    // Whether the server answers an echo call.
    bool is_answered() { return ask({.message = "are you there?"}).message.view() == "are you there?"; }

    void stop() { channel_->stop(); }

    // What the channel reported about the server, in order.
    std::vector<bool> told() const {
        const std::scoped_lock lock(mutex_);
        return told_;
    }

private:
    static task<h2::reply> perform(std::shared_ptr<h2::channel> channel, rpc_request call) {
        co_return co_await channel->ask({.path = call.path,
                                         .fields = std::move(call.fields),
                                         .message = call.message,
                                         .deadline = call.deadline,
                                         .is_abandoned = std::move(call.is_abandoned)});
    }

    mutable std::mutex mutex_;
    std::vector<bool> told_;
    net::io_threads threads_{1};
    const std::shared_ptr<h2::channel> channel_;
};

inline std::string local_target(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

}  // namespace userinfo::test
