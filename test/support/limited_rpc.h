// A gRPC server for one connection after the other, with limits that a test can reach soon, and a view of what the
// connection holds.
#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <type_traits>
#include <utility>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "base/spawn.h"
#include "h2/server_connection.h"
#include "net/acceptor.h"
#include "net/io_threads.h"
#include "support/eventually.h"
#include "support/scripted_rpc.h"

namespace userinfo::test {

class limited_rpc {
public:
    limited_rpc(rpc_script script, const h2::call_limits& limits) : script_(std::move(script)), limits_(limits) {}

    ~limited_rpc() {
        acceptor_.close();
        EXPECT_TRUE(eventually([this] { return !acceptor_.is_accepting(); }));
        on_thread([this] {
            if (connection_) connection_->close();
        });
        EXPECT_TRUE(eventually([this] { return calls == 0; }));
        threads_.stop();
    }

    limited_rpc(const limited_rpc&) = delete;
    limited_rpc& operator=(const limited_rpc&) = delete;

    const net::address& local_address() const { return acceptor_.local_address(); }

    // Of the last connection.
    std::size_t held() {
        return on_thread([this] { return connection_ ? connection_->share()->held.size() : 0; });
    }
    bool is_closed() {
        return on_thread([this] { return connection_ && connection_->is_closed(); });
    }

    std::atomic<int> calls = 0;  // that are being answered

private:
    template <class Look>
    std::invoke_result_t<Look> on_thread(Look look) {
        std::packaged_task<std::invoke_result_t<Look>()> task(std::move(look));
        auto seen = task.get_future();
        asio::post(threads_[0], [&task] { task(); });
        return seen.get();
    }

    void take(net::accepted peer) {
        net::stream_socket socket(threads_[0].get_executor());
        socket.assign(peer.peer.protocol(), peer.socket.release());
        socket.non_blocking(true);
        connection_ = std::make_shared<h2::server_connection>(
            threads_[0].get_executor(), h2::peer(),
            [this](std::shared_ptr<h2::server_call> call) {
                ++calls;
                spawn(threads_[0].get_executor(), "call", script_(*call), [this, call] { --calls; });
            },
            [](const h2::server_call&) {}, [] {}, limits_);
        spawn(threads_[0].get_executor(), "connection",
              connection_->serve(h2::make_byte_stream(std::move(socket), nullptr)), [keep = connection_] {});
    }

    const rpc_script script_;
    const h2::call_limits limits_;
    net::io_threads threads_{1};
    std::shared_ptr<h2::server_connection> connection_;  // on its thread only
    net::acceptor acceptor_{threads_[0], net::bound_socket(net::address::parse("127.0.0.1:0")),
                            [this](net::accepted peer) { take(std::move(peer)); }};
};

}  // namespace userinfo::test
