// Threads for work that blocks or computes for long (a database's reads, hashing of passwords), so that the threads
// that serve connections never do. The queue is bounded: when it is full, work is refused at once. Clients whose work
// waits take turns.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/fair_queue.h"
#include "base/result.h"
#include "base/task.h"

namespace userinfo {

// Whom a job of a pool is for.
struct pool_client {
    std::string name = {};                // jobs of one name wait for their turn together
    std::function<bool()> has_left = {};  // asked on a thread of the pool; empty: never
};

class blocking_pool {
public:
    struct options {
        std::string name;                                         // of the threads, for top and gdb; at most 12 bytes
        std::size_t threads;                                      // at least 1
        std::size_t queue_limit;                                  // jobs that wait at most
        std::size_t client_limit = static_cast<std::size_t>(-1);  // of them, of one client
        bool low_priority = false;  // give way to the threads that serve connections (nice 10)
    };

    // How many jobs wait and run just now.
    struct load {
        std::size_t waiting, running;
    };

    explicit blocking_pool(options options);

    // Finishes the jobs that run and those that wait.
    ~blocking_pool();

    blocking_pool(const blocking_pool&) = delete;
    blocking_pool& operator=(const blocking_pool&) = delete;

    // Runs `work` (which returns some T and does not throw) on a thread of the pool and resumes on the caller's own.
    // errc::overloaded: there is no place, or none for this client; errc::unavailable: `deadline` passed while it
    // waited, or the client left and others wait. In each of these cases `work` was not run.
    template <class Work, class T = std::invoke_result_t<Work>>
    task<result<T>> run(std::chrono::steady_clock::time_point deadline, Work work, pool_client whose = {});

    load current_load() const;

private:
    enum class verdict { run, refuse, drop };

    struct job {
        std::chrono::steady_clock::time_point deadline;
        pool_client whose;
        std::move_only_function<void(verdict)> settle;
    };

    static std::unexpected<error> busy(errc code);

    static bool is_in_vain(const job& job, bool others_wait);

    void enqueue(job job);
    void serve();

    const options options_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    fair_queue<job> queue_;
    std::size_t running_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

template <class Work, class T>
task<result<T>> blocking_pool::run(std::chrono::steady_clock::time_point deadline, Work work, pool_client whose) {
    // In the coroutine's frame, which stays where it is until the job resumes it.
    std::optional<result<T>> outcome;
    const auto executor = co_await asio::this_coro::executor;
    co_await asio::async_initiate<const asio::use_awaitable_t<io_executor>, void()>(
        [&](auto handler) {
            enqueue({.deadline = deadline,
                     .whose = std::move(whose),
                     .settle = [&outcome, &work, guard = asio::make_work_guard(executor),
                                handler = std::move(handler)](verdict decided) mutable {
                         switch (decided) {
                             case verdict::run: outcome.emplace(work()); break;
                             case verdict::refuse: outcome.emplace(busy(errc::overloaded)); break;
                             case verdict::drop: outcome.emplace(busy(errc::unavailable)); break;
                         }
                         asio::post(guard.get_executor(), std::move(handler));
                     }});
        },
        use_task);
    co_return std::move(*outcome);
}

}  // namespace userinfo
