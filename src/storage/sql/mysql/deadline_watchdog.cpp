#include "storage/sql/mysql/deadline_watchdog.h"

#include <pthread.h>
#include <sys/socket.h>

namespace userinfo::sql {

namespace {

constexpr auto never = std::chrono::steady_clock::time_point::max();

}  // namespace

deadline_watchdog::deadline_watchdog() : thread_([this] { serve(); }) {}

deadline_watchdog::~deadline_watchdog() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

deadline_watchdog::watch::watch(deadline_watchdog& watchdog, int socket, time_point deadline) : watchdog_(watchdog) {
    const std::scoped_lock lock(watchdog_.mutex_);
    place_ = watchdog_.sockets_.emplace(deadline, socket);
    // All watches have the same time limit, so a new one is rarely the next to expire.
    if (place_ == watchdog_.sockets_.begin()) watchdog_.wake_.notify_one();
}

deadline_watchdog::watch::~watch() {
    const std::scoped_lock lock(watchdog_.mutex_);
    watchdog_.sockets_.erase(place_);
}

void deadline_watchdog::serve() {
    pthread_setname_np(pthread_self(), "db-watchdog");
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (sockets_.empty() || sockets_.begin()->first == never) {
            wake_.wait(lock);
            continue;
        }
        const auto next = sockets_.begin()->first;
        if (std::chrono::steady_clock::now() < next) {
            wake_.wait_until(lock, next);
            continue;
        }
        auto due = sockets_.extract(sockets_.begin());
        shutdown(due.mapped(), SHUT_RDWR);
        // The entry stays until its watch removes it, but is not checked again. Its iterator stays valid.
        due.key() = never;
        sockets_.insert(std::move(due));
    }
}

}  // namespace userinfo::sql
