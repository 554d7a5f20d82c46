// The connections of one listener on one io_context, and what they share: the handler, the limits, one timer for all
// deadlines, and a scratch buffer. Only the counts are thread-safe; everything else belongs to the io_context's thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include <boost/intrusive/list.hpp>

#include "base/task.h"
#include "base/timer.h"
#include "http/handler.h"
#include "http/limits.h"
#include "http/reply_text.h"

namespace userinfo::http {

// The destructor of a connection removes it from the list of its set.
using auto_unlink_hook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

class connection_set : public std::enable_shared_from_this<connection_set> {
public:
    class member;

    connection_set(asio::io_context& context, http::handler& handler, const http::limits& limits);

    asio::io_context& context() { return context_; }
    http::handler& handler() { return handler_; }
    const http::limits& limits() const { return limits_; }

    // Count a connection that was accepted for this set. Thread-safe.
    void expect_one() { ++open_; }
    void forget_one() { --open_; }
    std::size_t open() const { return open_; }
    // How many of the open connections have had their last reply.
    std::size_t lingering() const { return lingering_; }

    bool is_draining() const { return draining_; }
    // From now on, replies say `Connection: close`, and a client has `idle_time` to begin a request.
    void drain(std::chrono::milliseconds idle_time);
    bool is_cut() const { return cut_; }
    // Closes all connections, and those that were accepted but have not begun.
    void cut();

    // How long a connection may wait for the next request.
    std::chrono::milliseconds idle_time() const { return idle_time_; }

    std::string_view date_line() { return date_line_.now(); }
    // An empty string to write into. Valid until the caller's next `co_await`.
    std::string& scratch();

private:
    void join(member& connection);
    std::chrono::milliseconds sweep_interval() const;
    void wait_to_sweep();
    void sweep();

    asio::io_context& context_;
    http::handler& handler_;
    const http::limits limits_;
    std::chrono::milliseconds idle_time_;
    std::atomic<std::size_t> open_ = 0;
    std::atomic<std::size_t> lingering_ = 0;
    bool draining_ = false;
    bool cut_ = false;
    bool sweeping_ = false;
    steady_timer sweep_timer_;
    boost::intrusive::list<member, boost::intrusive::base_hook<auto_unlink_hook>,
                           boost::intrusive::constant_time_size<false>>
        members_;
    http::date_line date_line_;
    std::string scratch_;
};

// A connection as its set sees it. It has no timer of its own: the set checks all deadlines periodically.
class connection_set::member : public auto_unlink_hook {
public:
    member(const member&) = delete;
    member& operator=(const member&) = delete;

protected:
    enum class phase { handshaking, resting, idle, in_head, in_body, handling, writing, lingering };

    explicit member(connection_set& set);
    ~member();

    // Start a phase, without or with a deadline.
    void enter(phase phase);
    void enter(phase phase, std::chrono::milliseconds time);
    void enter(phase phase, std::chrono::steady_clock::time_point deadline);

    connection_set& set() { return set_; }
    phase current_phase() const { return phase_; }
    // Whether the wait was interrupted because the deadline of this phase has passed.
    bool is_late() const { return late_; }

private:
    friend connection_set;

    // No byte of a request has arrived yet.
    bool is_waiting() const { return phase_ <= phase::idle; }

    // Limits how long the connection waits for a request. Its set does the same to the deadline of a wait that has
    // begun.
    virtual void stop_waiting_at(std::chrono::steady_clock::time_point end) = 0;
    // Makes the pending operation fail. Must not resume the connection before it returns.
    virtual void interrupt() = 0;
    // Ends the connection in both directions. Its task notices and finishes.
    virtual void cut() = 0;

    connection_set& set_;
    std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
    phase phase_ = phase::resting;
    bool late_ = false;
};

}  // namespace userinfo::http
