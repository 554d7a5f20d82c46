// A thread that runs an io_context during its own lifetime.
#pragma once

#include <thread>

#include "base/task.h"

namespace userinfo::test {

class background_thread {
public:
    explicit background_thread(asio::io_context& context) : context_(context), thread_([this] { context_.run(); }) {}

    ~background_thread() {
        context_.stop();
        thread_.join();
    }

    background_thread(const background_thread&) = delete;
    background_thread& operator=(const background_thread&) = delete;

private:
    asio::io_context& context_;
    std::thread thread_;
};

}  // namespace userinfo::test
