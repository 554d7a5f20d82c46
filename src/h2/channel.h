// A server as one io_context sees it: a connection that is made when it is first needed, and made again, after pauses
// that grow, when it is lost.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <boost/asio/basic_waitable_timer.hpp>

#include "h2/client_call.h"
#include "h2/client_connection.h"

namespace userinfo::h2 {

// Everything but `stop` is to be called on the context's thread.
class channel : public std::enable_shared_from_this<channel> {
public:
    // `is_up` is told whether the server answers, each time that changes; it is thought to in the beginning.
    channel(io_executor executor, server_place place, std::function<void(bool)> is_up);

    // Whether its last connection was made and holds, or none was tried yet.
    bool is_usable() const { return usable_; }

    // Fails at once between two attempts to connect.
    task<reply> ask(request request);

    // From any thread: no calls are made any more; it ends with those that are under way.
    void stop();

private:
    using timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                             io_executor>;

    void connect();
    void lose();
    void set_usable(bool usable);

    const io_executor executor_;
    const server_place place_;
    const std::function<void(bool)> is_up_;
    timer timer_;
    std::shared_ptr<client_connection> connection_;  // null between two attempts, and before the first
    std::chrono::milliseconds pause_;
    bool connected_ = false;
    bool usable_ = true;
    bool waits_ = false;  // for the next attempt
    bool stopped_ = false;
};

}  // namespace userinfo::h2
