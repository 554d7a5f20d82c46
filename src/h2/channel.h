// A gRPC server as one io_context sees it. The connection is made when it is first needed. After a loss it is made
// again, with exponential backoff.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "base/timer.h"
#include "h2/client_call.h"
#include "h2/client_connection.h"

namespace userinfo::h2 {

// All functions except `stop` must be called on the context's thread.
class channel : public std::enable_shared_from_this<channel> {
public:
    // `is_up` is called with the server's new state each time it changes. The server counts as up at first.
    channel(io_executor executor, server_place place, std::function<void(bool)> is_up);

    // Whether the last connection was established and still holds, or none was attempted yet.
    bool is_usable() const { return usable_; }

    // Fails immediately between two connection attempts.
    task<reply> ask(request request);

    // Thread-safe. No calls are accepted from then on. The channel ends when the running calls end.
    void stop();

private:
    void connect();
    void lose();
    void set_usable(bool usable);

    const io_executor executor_;
    const server_place place_;
    const std::function<void(bool)> is_up_;
    steady_timer timer_;
    std::shared_ptr<client_connection> connection_;  // null before the first attempt and between two attempts
    std::chrono::milliseconds pause_;
    bool connected_ = false;
    bool usable_ = true;
    bool waits_ = false;  // for the next attempt to connect
    bool stopped_ = false;
};

}  // namespace userinfo::h2
