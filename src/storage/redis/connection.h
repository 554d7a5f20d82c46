// A connection to one Redis node. Commands of many coroutines are pipelined: they go out together, and replies are
// matched by order. With 32 in flight this costs a tenth of sequential requests.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/task.h"
#include "base/timer.h"
#include "storage/redis/cluster_node.h"
#include "storage/redis/reply.h"

namespace userinfo::redis {

// Why there is no reply.
enum class failure {
    unreachable = 1,  // no connection, or the password was rejected
    timed_out,        // no reply within the time limit
    lost,             // the connection ended before the reply
    nobody,           // no node is known to serve the slot, or it is set aside
    declined,         // a node replied with an error
};

using answers = std::expected<std::vector<reply>, failure>;

struct connection_options {
    std::string password;                  // empty: no authentication
    std::chrono::milliseconds time_limit;  // from the query to its reply, including connecting
    // Whether Redis may delay replies itself (WAIT). A late reply then says nothing about the node.
    bool waits_for_replicas = false;
};

// Belongs to one io_context. All functions must be called on its thread. Reports what it learns to its node.
class connection : public std::enable_shared_from_this<connection> {
public:
    // Starts to connect and returns immediately. The connection owns itself until it is closed. `node` must outlive
    // everything that runs on the io_context.
    static std::shared_ptr<connection> open(io_executor executor, cluster_node& node,
                                            const connection_options& options);

    // Sends `commands` in one piece and returns their `count` replies. After failure::unreachable, timed_out or lost,
    // the connection is closed, and all its other queries have failed, too.
    task<answers> ask(std::string_view commands, std::size_t count);

    bool is_closed() const { return closed_.has_value(); }
    void close() { close(failure::lost); }

private:
    using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, io_executor>;

    struct question {
        std::size_t count;
        std::chrono::steady_clock::time_point deadline;
        std::move_only_function<void(answers)> settle;
        std::vector<reply> replies = {};
        bool was_excused = false;  // its deadline was extended once
    };

    connection(io_executor executor, cluster_node& node, const connection_options& options)
        : node_(node), options_(options), socket_(executor), timer_(executor) {}

    // The coroutine that keeps the connection alive.
    static task<void> serve(std::shared_ptr<connection> self);
    task<bool> connect();
    void log_in();

    void send(std::string_view commands, std::size_t count, std::move_only_function<void(answers)> settle);
    void flush_soon();
    void flush();
    void take_waiting();
    void take(std::string_view bytes);
    void watch();
    void watch_ended();
    void close(failure why);
    void tell_node(failure why);

    cluster_node& node_;
    const connection_options options_;
    tcp_socket socket_;
    steady_timer timer_;
    reply_reader reader_;
    std::string unsent_;
    std::deque<question> waiting_;
    bool connected_ = false;
    bool flushing_ = false;  // a flush is scheduled
    bool watching_ = false;  // the timer is running
    std::optional<failure> closed_;
};

}  // namespace userinfo::redis
