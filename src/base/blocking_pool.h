// A thread pool for blocking or slow work (database reads, password hashing), which must not run on the I/O threads.
// The queue is bounded: when it is full, work is rejected. Clients with waiting jobs take turns.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "base/reserving_queue.h"
#include "base/result.h"
#include "base/suspend.h"
#include "base/task.h"

namespace userinfo {

// The client that a job belongs to.
struct pool_client {
    source_path source = {};    // jobs of one source share a turn, and sources of one group share its turn
    std::string known_as = {};  // who may hold a reserved place, one at a time; empty: the client is not known
    std::function<bool()> has_left = {};  // called on a thread of the pool; empty: never left
};

class blocking_pool {
public:
    struct options {
        std::string name;           // thread name, for top and gdb; at most 12 bytes
        std::size_t threads;        // at least 1
        std::size_t queue_limit;    // maximum number of waiting jobs
        std::size_t reserved = 0;   // of them, for clients that are known
        std::size_t shares = 1;     // one source, and one group, holds at most 1 / `shares` of the queue
        bool low_priority = false;  // run at nice 10, behind the I/O threads
    };

    // The number of jobs that are waiting and running.
    struct load {
        std::size_t waiting, running;
    };

    explicit blocking_pool(options options);

    // Blocks until the running and the waiting jobs are finished. The io_contexts of their callers must still exist.
    ~blocking_pool();

    blocking_pool(const blocking_pool&) = delete;
    blocking_pool& operator=(const blocking_pool&) = delete;

    // Runs `work` on a thread of the pool and resumes on the caller's own thread. `work` returns some T and must not
    // throw. errc::overloaded: the queue is full, or this client's share of it, or the job had to leave the full queue
    // for one of a client with fewer. errc::unavailable: `deadline` passed while the job waited, or the client left
    // while others were waiting. After either error, `work` was not run.
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

    static bool is_in_vain(const job& job, bool others_wait);

    void enqueue(job job);
    void serve();

    const options options_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    reserving_queue<job> queue_;
    std::size_t running_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

template <class Work, class T>
task<result<T>> blocking_pool::run(std::chrono::steady_clock::time_point deadline, Work work, pool_client whose) {
    co_return co_await suspend<result<T>>([&](continuation<result<T>> resume) {
        enqueue({.deadline = deadline,
                 .whose = std::move(whose),
                 .settle = [&work, resume = std::move(resume)](verdict decided) mutable {
                     switch (decided) {
                         case verdict::run: return resume(work());
                         case verdict::refuse: return resume(std::unexpected(too_busy(errc::overloaded)));
                         case verdict::drop: return resume(std::unexpected(too_busy(errc::unavailable)));
                     }
                 }});
    });
}

}  // namespace userinfo
