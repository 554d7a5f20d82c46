// Ends what a blocking library does with a socket when its time is up: the library's own time-outs are whole seconds,
// and begin anew with each answer.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace userinfo::sql {

// Thread-safe. Its thread is called "db-watchdog".
class deadline_watchdog {
    using time_point = std::chrono::steady_clock::time_point;
    using sockets = std::multimap<time_point, int>;

public:
    deadline_watchdog();
    ~deadline_watchdog();

    deadline_watchdog(const deadline_watchdog&) = delete;
    deadline_watchdog& operator=(const deadline_watchdog&) = delete;

    // For as long as this lives, the socket is watched. It must not be closed before.
    class watch {
    public:
        // At `deadline` the socket is shut down, both ways.
        watch(deadline_watchdog& watchdog, int socket, time_point deadline);
        ~watch();

        watch(const watch&) = delete;
        watch& operator=(const watch&) = delete;

    private:
        deadline_watchdog& watchdog_;
        sockets::iterator place_;
    };

private:
    void serve();

    std::mutex mutex_;
    std::condition_variable wake_;
    sockets sockets_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace userinfo::sql
