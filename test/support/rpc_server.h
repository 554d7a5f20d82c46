// A userinfo served over gRPC on loopback, and what calls it from afar, each on a thread of its own.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rpc/credentials.h"
#include "rpc/remote_userinfo.h"
#include "rpc/server.h"
#include "support/background_thread.h"

namespace userinfo::test {

class rpc_server {
public:
    explicit rpc_server(userinfo_client& userinfo, const std::string& address = "127.0.0.1:0")
        : server_({.address = address}, rpc::server_credentials({}), userinfo, {&context_}) {
        server_.set_serving(true);
    }

    ~rpc_server() { stop(); }

    rpc_server(const rpc_server&) = delete;
    rpc_server& operator=(const rpc_server&) = delete;

    void stop(std::chrono::milliseconds patience = {}) { server_.drain(patience); }

    const std::string& address() const { return server_.address(); }

private:
    asio::io_context context_{1};
    asio::executor_work_guard<io_executor> working_{context_.get_executor()};
    background_thread thread_{context_};
    rpc::server server_;
};

class rpc_client {
public:
    explicit rpc_client(std::vector<std::string> addresses) {
        std::vector<rpc::instance_address> list;
        for (auto& address : addresses) list.push_back({.target = std::move(address)});
        userinfo.update(std::move(list));
    }

    // The context that calls must come from.
    asio::io_context home{1};
    rpc::remote_userinfo userinfo{rpc::client_credentials({}), {&home}};
};

}  // namespace userinfo::test
