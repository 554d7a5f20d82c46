// A client of the real cluster with threads of its own, as a program has it.
#pragma once

#include <string>
#include <utility>

#include "base/metrics.h"
#include "base/spawn.h"
#include "net/io_threads.h"
#include "programs/run_task.h"
#include "storage/redis/cluster.h"

namespace userinfo::test {

class redis_client {
public:
    explicit redis_client(redis::cluster_settings settings)
        : cluster_(std::move(settings), {&threads_[0], &threads_[1]}, figures_) {
        spawn(threads_[0].get_executor(), "Redis Cluster", cluster_.follow());
    }
    ~redis_client() { threads_.stop(); }

    redis_client(const redis_client&) = delete;
    redis_client& operator=(const redis_client&) = delete;

    redis::cluster& cluster() { return cluster_; }
    userinfo::metrics& figures() { return figures_; }
    net::io_threads& threads() { return threads_; }

    // On one of its threads.
    template <class T>
    T run(task<T> work, std::size_t thread = 0) {
        return programs::run_task(threads_[thread], std::move(work));
    }

private:
    userinfo::metrics figures_;
    net::io_threads threads_{2};
    redis::cluster cluster_;
};

}  // namespace userinfo::test
