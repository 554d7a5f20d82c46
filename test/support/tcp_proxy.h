// A TCP proxy between a client and a server on this machine that simulates network failures.
#pragma once

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "base/spawn.h"
#include "base/task.h"
#include "support/background_thread.h"

namespace userinfo::test {

class tcp_proxy {
public:
    explicit tcp_proxy(std::uint16_t server_port) : server_({loopback(), server_port}) {
        on_own_thread([this] { listen(); });
    }

    std::uint16_t port() const { return own_.port(); }

    // Closes all connections. New ones are accepted.
    void cut() {
        on_own_thread([this] { close_links(); });
    }

    // Simulates a server that is down, until `accept`.
    void refuse() {
        on_own_thread([this] {
            acceptor_->close();
            close_links();
        });
    }

    void accept() {
        on_own_thread([this] { listen(); });
    }

    // Whether new connections stay open without an answer, as if the server had no thread for them.
    void hold_new(bool holds) {
        on_own_thread([this, holds] {
            holds_new_ = holds;
            for (const auto& each : std::exchange(held_, {})) each->close();
        });
    }

    // Closes the client's connection instead of forwarding the server's next reply.
    void lose_next_answer() { lose_answer_ = true; }

    // From now on, connections stay open but nothing arrives, as if the server's machine hung.
    void swallow() { swallows_ = true; }

private:
    using tcp = asio::ip::tcp;
    using socket = asio::basic_stream_socket<tcp, io_executor>;
    using acceptor = asio::basic_socket_acceptor<tcp, io_executor>;

    struct link {
        explicit link(socket accepted) : client(std::move(accepted)), server(client.get_executor()) {}

        void close() {
            client.close();
            server.close();
        }

        socket client, server;
    };

    static asio::ip::address loopback() { return asio::ip::address_v4::loopback(); }

    void listen() {
        acceptor_ = std::make_shared<acceptor>(context_.get_executor(), own_);  // may reuse the previous port
        own_ = acceptor_->local_endpoint();
        spawn(context_.get_executor(), "proxy", serve(acceptor_));
    }

    void close_links() {
        for (const auto& each : links_) {
            if (const auto link = each.lock()) link->close();
        }
        links_.clear();
    }

    // Runs until the acceptor is closed, which throws. The same applies below.
    task<void> serve(std::shared_ptr<acceptor> from) {
        try {
            for (;;) {
                auto accepted = std::make_shared<link>(co_await from->async_accept(use_task));
                if (holds_new_) {
                    held_.push_back(accepted);
                    continue;
                }
                links_.push_back(accepted);
                co_await accepted->server.async_connect(server_, use_task);
                spawn(context_.get_executor(), "proxy", pump(accepted, accepted->client, accepted->server, false));
                spawn(context_.get_executor(), "proxy", pump(accepted, accepted->server, accepted->client, true));
            }
        } catch (const boost::system::system_error&) {
        }
    }

    task<void> pump(std::shared_ptr<link> link, socket& from, socket& to, bool answers) {
        std::array<char, 4096> bytes;
        try {
            for (;;) {
                const auto count = co_await from.async_read_some(asio::buffer(bytes), use_task);
                if (answers && lose_answer_.exchange(false)) break;
                if (swallows_) continue;
                co_await asio::async_write(to, asio::buffer(bytes, count), use_task);
            }
        } catch (const boost::system::system_error&) {
        }
        link->close();
    }

    template <class Work>
    void on_own_thread(Work work) {
        std::packaged_task<void()> wrapped(std::move(work));
        auto done = wrapped.get_future();
        asio::post(context_, [&wrapped] { wrapped(); });
        done.get();
    }

    const tcp::endpoint server_;
    tcp::endpoint own_{loopback(), 0};
    std::atomic<bool> lose_answer_ = false;
    std::atomic<bool> swallows_ = false;
    asio::io_context context_{1};
    asio::executor_work_guard<io_executor> work_{context_.get_executor()};
    std::shared_ptr<acceptor> acceptor_;
    std::vector<std::weak_ptr<link>> links_;
    bool holds_new_ = false;
    std::vector<std::shared_ptr<link>> held_;
    background_thread thread_{context_};
};

}  // namespace userinfo::test
