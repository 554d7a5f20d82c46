// Threads for work that blocks or computes for long (a database's reads, hashing of passwords), so that the threads
// that serve connections never do. The queue is bounded: when it is full, work is refused at once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
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

#include "base/result.h"
#include "base/task.h"

namespace userinfo {

class blocking_pool {
public:
    struct options {
        std::string name;           // of the threads, for top and gdb; at most 12 bytes
        std::size_t threads;        // at least 1
        std::size_t queue_limit;    // jobs that wait at most
        bool low_priority = false;  // give way to the threads that serve connections (nice 10)
    };

    // How many jobs wait and run just now, and how many were refused or dropped so far.
    struct load {
        std::size_t waiting, running;
        std::uint64_t refused, expired;
    };

    explicit blocking_pool(options options);

    // Finishes the jobs that run and those that wait.
    ~blocking_pool();

    blocking_pool(const blocking_pool&) = delete;
    blocking_pool& operator=(const blocking_pool&) = delete;

    // Runs `work` (which returns some T and does not throw) on a thread of the pool and resumes on the caller's own.
    // errc::overloaded: the queue is full; errc::unavailable: `deadline` passed while it waited. In both cases `work`
    // was not run.
    template <class Work, class T = std::invoke_result_t<Work>>
    task<result<T>> run(std::chrono::steady_clock::time_point deadline, Work work);

    load current_load() const;

private:
    enum class verdict { run, refuse, expire };

    struct job {
        std::chrono::steady_clock::time_point deadline;
        std::move_only_function<void(verdict)> settle;
    };

    static std::unexpected<error> busy(errc code);

    void enqueue(job job);
    void serve();

    const options options_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<job> queue_;
    std::size_t running_ = 0;
    std::uint64_t refused_ = 0;
    std::uint64_t expired_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

template <class Work, class T>
task<result<T>> blocking_pool::run(std::chrono::steady_clock::time_point deadline, Work work) {
    // In the coroutine's frame, which stays where it is until the job resumes it.
    std::optional<result<T>> outcome;
    const auto executor = co_await asio::this_coro::executor;
    co_await asio::async_initiate<const asio::use_awaitable_t<io_executor>, void()>(
        [&](auto handler) {
            enqueue({deadline, [&outcome, &work, guard = asio::make_work_guard(executor),
                                handler = std::move(handler)](verdict decided) mutable {
                         switch (decided) {
                             case verdict::run: outcome.emplace(work()); break;
                             case verdict::refuse: outcome.emplace(busy(errc::overloaded)); break;
                             case verdict::expire: outcome.emplace(busy(errc::unavailable)); break;
                         }
                         asio::post(guard.get_executor(), std::move(handler));
                     }});
        },
        use_task);
    co_return std::move(*outcome);
}

}  // namespace userinfo
