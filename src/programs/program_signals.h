// Signal handling of a program that runs until it is told to stop: the main thread waits for signals instead of being
// interrupted.
#pragma once

#include <chrono>
#include <csignal>
#include <exception>

#include <pthread.h>

namespace userinfo::programs {

// Thrown when the program is told to stop before it has started.
struct told_to_stop final : std::exception {
    const char* what() const noexcept override { return "told to stop"; }
};

// Throws told_to_stop if a blocked SIGTERM or SIGINT is pending. For code that waits during the start.
inline void stop_if_told() {
    sigset_t pending;
    sigpending(&pending);
    if (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1) throw told_to_stop();
}

class program_signals {
public:
    // Blocks SIGTERM, SIGINT and SIGHUP in this thread and in threads that it creates afterwards. Ignores SIGPIPE (the
    // client is gone) and SIGXFSZ (the file has reached its maximum size), which would end the process at a failed
    // write. The writer gets an error instead.
    program_signals() {
        sigemptyset(&set_);
        for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, signal);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
    }

    // Returns the signal that arrived, or 0 after `time`.
    int wait(std::chrono::seconds time) const {
        const timespec patience{.tv_sec = time.count(), .tv_nsec = 0};
        const int signal = sigtimedwait(&set_, nullptr, &patience);
        return signal < 0 ? 0 : signal;
    }

private:
    sigset_t set_{};
};

}  // namespace userinfo::programs
