// The threads on which everything that must not block runs, one io_context each: what begins on one of them stays
// there, so that it needs no lock. Shared by several listeners.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/task.h"

namespace userinfo::net {

class io_threads {
public:
    // `count` threads, 0 for as many as there are cores.
    explicit io_threads(std::size_t count);
    // Stops and joins.
    ~io_threads();

    io_threads(const io_threads&) = delete;
    io_threads& operator=(const io_threads&) = delete;

    std::size_t size() const;
    asio::io_context& operator[](std::size_t index);
    std::vector<asio::io_context*> contexts();

    // Ends the threads; work that is left never runs, and is freed by the destructor. Called by the destructor;
    // idempotent.
    void stop();

    bool is_stopped() const;

private:
    class state;
    std::unique_ptr<state> state_;
};

}  // namespace userinfo::net
