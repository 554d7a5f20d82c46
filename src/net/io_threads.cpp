#include "net/io_threads.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <pthread.h>
#include <signal.h>

namespace userinfo::net {
namespace {

// Threads inherit the mask. Only the thread that waits for signals should get them.
class signals_blocked {
public:
    signals_blocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &before_);
    }
    ~signals_blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

    signals_blocked(const signals_blocked&) = delete;
    signals_blocked& operator=(const signals_blocked&) = delete;

private:
    sigset_t before_;
};

}  // namespace

class io_threads::state {
public:
    explicit state(std::size_t count) {
        const signals_blocked guard;
        for (std::size_t i = 0; i < count; ++i) {
            // The hint 1 (one thread runs it) keeps the locking that posts from other threads need.
            auto& context = contexts.emplace_back(1);
            guards.push_back(asio::make_work_guard(context));
            threads.emplace_back([&context] { context.run(); });
            pthread_setname_np(threads.back().native_handle(), ("io-" + std::to_string(i)).c_str());
        }
    }

    std::deque<asio::io_context> contexts;
    std::vector<asio::executor_work_guard<io_executor>> guards;
    std::vector<std::thread> threads;
    std::atomic<bool> stopped = false;
};

io_threads::io_threads(std::size_t count)
    : state_(std::make_unique<state>(count != 0 ? count : std::max(1U, std::thread::hardware_concurrency()))) {}

io_threads::~io_threads() { stop(); }

std::size_t io_threads::size() const { return state_->contexts.size(); }

asio::io_context& io_threads::operator[](std::size_t index) { return state_->contexts[index]; }

std::vector<asio::io_context*> io_threads::contexts() {
    std::vector<asio::io_context*> all;
    for (auto& context : state_->contexts) all.push_back(&context);
    return all;
}

void io_threads::stop() {
    state_->stopped = true;
    for (auto& context : state_->contexts) context.stop();
    for (auto& thread : state_->threads)
        if (thread.joinable()) thread.join();
}

bool io_threads::is_stopped() const { return state_->stopped; }

}  // namespace userinfo::net
