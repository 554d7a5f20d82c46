// The threads that run all non-blocking work, each with its own io_context. Work that starts on one of them stays
// there, so it needs no locks. Several listeners share them.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/task.h"

namespace userinfo::net {

class io_threads {
public:
    // Starts `count` threads. 0 means one per core.
    explicit io_threads(std::size_t count);
    // Stops and joins the threads.
    ~io_threads();

    io_threads(const io_threads&) = delete;
    io_threads& operator=(const io_threads&) = delete;

    std::size_t size() const;
    asio::io_context& operator[](std::size_t index);
    std::vector<asio::io_context*> contexts();

    // Ends the threads. Work that is still queued never runs; the destructor frees it. Idempotent. The destructor calls
    // it.
    void stop();

    bool is_stopped() const;

private:
    class state;
    std::unique_ptr<state> state_;
};

}  // namespace userinfo::net
