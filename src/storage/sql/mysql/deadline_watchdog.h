// Enforces deadlines on a blocking library by shutting down its sockets. The library's own timeouts have whole seconds
// and restart with each reply.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace userinfo::sql {

// Thread-safe. The thread is named "db-watchdog".
class deadline_watchdog {
    using time_point = std::chrono::steady_clock::time_point;
    using sockets = std::multimap<time_point, int>;

public:
    deadline_watchdog();
    ~deadline_watchdog();

    deadline_watchdog(const deadline_watchdog&) = delete;
    deadline_watchdog& operator=(const deadline_watchdog&) = delete;

    // Watches a socket during its own lifetime. The socket must stay open until then.
    class watch {
    public:
        // At `deadline`, shuts the socket down in both directions.
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
