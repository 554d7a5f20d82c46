#include "storage/redis/connection.h"

#include <array>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include "base/log.h"
#include "base/resolve.h"
#include "base/spawn.h"
#include "base/suspend.h"

namespace userinfo::redis {

namespace {

using steady = std::chrono::steady_clock;
using boost::system::error_code;

bool would_block(const error_code& error) {
    return error == asio::error::would_block || error == asio::error::try_again;
}

}  // namespace

std::shared_ptr<connection> connection::open(io_executor executor, cluster_node& node,
                                             const connection_options& options) {
    const std::shared_ptr<connection> made(new connection(executor, node, options));
    made->log_in();
    spawn(executor, "Redis connection", serve(made));
    return made;
}

task<answers> connection::ask(std::string_view commands, std::size_t count) {
    if (closed_) co_return std::unexpected(*closed_);
    // The connection may be gone after the wait. Do not touch its members.
    co_return co_await suspend<answers>(
        [&](continuation<answers> resume) { send(commands, count, std::move(resume)); });
}

task<void> connection::serve(std::shared_ptr<connection> self) {
    if (!co_await self->connect()) {
        self->close(failure::unreachable);
        co_return;
    }
    self->connected_ = true;
    self->flush();
    error_code error;
    while (!self->closed_) {
        // Not async_read_some: it may hold bytes that are not processed yet when the timer reads the bytes after them.
        // Replies are matched to queries by order alone.
        co_await self->socket_.async_wait(tcp_socket::wait_read, asio::redirect_error(use_task, error));
        if (!self->closed_) self->take_waiting();
    }
}

task<bool> connection::connect() {
    const auto where = co_await resolve(node_.where().host, node_.where().port);
    if (closed_) co_return false;
    error_code error = asio::error::host_not_found;
    for (auto place = where.begin(); error && !closed_ && place != where.end(); ++place) {
        socket_.close(error);
        co_await socket_.async_connect(*place, asio::redirect_error(use_task, error));
    }
    if (error || closed_) co_return false;
    socket_.set_option(asio::ip::tcp::no_delay(true), error);
    if (!error) socket_.set_option(asio::socket_base::keep_alive(true), error);
    if (!error) socket_.non_blocking(true, error);
    co_return !error;
}

// Goes out before everything else. If it is rejected, the replies that follow are errors, too, so nothing waits for it.
void connection::log_in() {
    if (options_.password.empty()) return;
    send(command({"AUTH", options_.password}), 1, [this](const answers& got) {
        if (!got || !got->front().is_error()) return;
        if (node_.failed(steady::now())) {
            log_error("a Redis node rejects the password; setting it aside",
                      {{"node", node_.where().to_string()}, {"error", got->front().error()}});
        }
        close(failure::unreachable);
    });
}

void connection::send(std::string_view commands, std::size_t count, std::move_only_function<void(answers)> settle) {
    unsent_ += commands;
    waiting_.push_back({.count = count, .deadline = steady::now() + options_.time_limit, .settle = std::move(settle)});
    watch();
    if (connected_) flush_soon();
}

// Flushes after the handlers that are already queued have run, because they may add commands.
void connection::flush_soon() {
    if (std::exchange(flushing_, true)) return;
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
        self->flushing_ = false;
        self->flush();
    });
}

void connection::flush() {
    if (closed_ || flushing_ || unsent_.empty()) return;
    error_code error;
    unsent_.erase(0, socket_.write_some(asio::buffer(unsent_), error));
    if (error && !would_block(error)) return close(failure::lost);
    if (unsent_.empty()) return;
    flushing_ = true;
    socket_.async_wait(tcp_socket::wait_write, [self = shared_from_this()](const error_code&) {
        self->flushing_ = false;
        self->flush();
    });
}

// Reads what has arrived. Nothing else reads.
void connection::take_waiting() {
    std::array<char, 16'384> room;
    error_code error;
    const auto size = socket_.read_some(asio::buffer(room), error);
    if (error && !would_block(error)) return close(failure::lost);
    if (size > 0) take({room.data(), size});
}

void connection::take(std::string_view bytes) {
    reader_.feed(bytes);
    while (auto next = reader_.next()) {
        if (waiting_.empty()) return close(failure::lost);  // a reply without a query
        waiting_.front().replies.push_back(std::move(*next));
        if (waiting_.front().replies.size() < waiting_.front().count) continue;
        auto answered = std::move(waiting_.front());
        waiting_.pop_front();
        answered.settle(std::move(answered.replies));
        if (closed_) return;
    }
    if (reader_.is_broken()) close(failure::lost);
}

// One timer for all queries: the first in the queue has the earliest deadline.
void connection::watch() {
    if (watching_ || waiting_.empty()) return;
    watching_ = true;
    timer_.expires_at(waiting_.front().deadline);
    timer_.async_wait([self = shared_from_this()](const error_code&) {
        self->watching_ = false;
        if (!self->closed_) self->watch_ended();
    });
}

void connection::watch_ended() {
    // While this thread was busy, it sent nothing. So the deadlines are extended, but only once.
    const auto now = steady::now();
    if (now - timer_.expiry() > options_.time_limit / 2) {
        for (auto& question : waiting_) {
            if (!std::exchange(question.was_excused, true)) question.deadline = now + options_.time_limit;
        }
    }
    if (connected_) take_waiting();
    if (!closed_ && !waiting_.empty() && waiting_.front().deadline <= steady::now()) close(failure::timed_out);
    if (!closed_) watch();
}

void connection::close(failure why) {
    if (closed_) return;
    closed_ = why;
    error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
    tell_node(why);
    for (auto& left : std::exchange(waiting_, {})) left.settle(std::unexpected(why));
}

void connection::tell_node(failure why) {
    const auto now = steady::now();
    const bool silent = why == failure::timed_out && (!options_.waits_for_replicas || !connected_);
    if (silent && node_.timed_out(now))
        log_warning("a Redis node does not answer; setting it aside", {{"node", node_.where().to_string()}});
    if (why == failure::unreachable && node_.failed(now))
        log_warning("cannot reach a Redis node; setting it aside", {{"node", node_.where().to_string()}});
}

}  // namespace userinfo::redis
