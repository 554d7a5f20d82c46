// A userinfo served over gRPC, and a remote client of it, each on its own thread. Over a unix socket the service takes
// the client for a gateway.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/metrics.h"
#include "net/io_threads.h"
#include "programs/run_task.h"
#include "rpc/remote_userinfo.h"
#include "rpc/server.h"

namespace userinfo::test {

class rpc_server {
public:
    explicit rpc_server(userinfo_service& userinfo, const std::string& address = "127.0.0.1:0")
        : rpc_server(userinfo, std::make_unique<net::io_threads>(1), nullptr, address) {}

    // Runs on the caller's threads, which the implementation may use for longer.
    rpc_server(userinfo_service& userinfo, net::io_threads& threads, const std::string& address)
        : rpc_server(userinfo, nullptr, &threads, address) {}

    ~rpc_server() { stop(); }

    rpc_server(const rpc_server&) = delete;
    rpc_server& operator=(const rpc_server&) = delete;

    void stop(std::chrono::milliseconds patience = {}) { server_.drain(patience); }

    std::string address() const { return server_.address(); }
    const metrics& figures() const { return metrics_; }

private:
    rpc_server(userinfo_service& userinfo, std::unique_ptr<net::io_threads> own, net::io_threads* other,
               const std::string& address)
        : own_(std::move(own)),
          server_(net::address::parse(address), {}, userinfo, metrics_, (own_ ? *own_ : *other).contexts()) {
        server_.set_serving(true);
    }

    metrics metrics_;
    const std::unique_ptr<net::io_threads> own_;
    rpc::server server_;
};

class rpc_client {
public:
    explicit rpc_client(std::vector<std::string> addresses) {
        std::vector<rpc::instance_address> list;
        for (auto& address : addresses) list.push_back({.target = std::move(address)});
        remote_.update(std::move(list));
    }

    // Stops the thread first, because its remaining work uses the members.
    ~rpc_client() { threads_.stop(); }

    rpc_client(const rpc_client&) = delete;
    rpc_client& operator=(const rpc_client&) = delete;

    // Calls `userinfo` on the thread that calls must come from.
    template <class T>
    T run(task<T> call) {
        return programs::run_task(threads_[0], std::move(call));
    }

    void update(std::vector<rpc::instance_address> instances) { remote_.update(std::move(instances)); }

    const metrics& figures() const { return metrics_; }

private:
    metrics metrics_;
    net::io_threads threads_{1};

    rpc::remote_userinfo remote_{nullptr, threads_.contexts(), metrics_};

public:
    userinfo_service& userinfo = remote_.service();
};

}  // namespace userinfo::test
