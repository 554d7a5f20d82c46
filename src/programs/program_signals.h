// The signals that a server is given, as something to wait for, instead of something that interrupts.
#pragma once

#include <chrono>
#include <csignal>
#include <exception>

#include <pthread.h>

namespace userinfo::programs {

// A program was told to stop before it had started.
struct told_to_stop final : std::exception {
    const char* what() const noexcept override { return "told to stop"; }
};

// Throws told_to_stop if a signal to end has come that is blocked: for who waits for something else at the start.
inline void stop_if_told() {
    sigset_t pending;
    sigpending(&pending);
    if (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1) throw told_to_stop();
}

class program_signals {
public:
    // Blocks SIGTERM, SIGINT and SIGHUP for this thread and those that it makes from now on. Ignores two that would end
    // the process where a write fails: a client that has gone (SIGPIPE), a file as large as it may be (SIGXFSZ).
    // Whoever writes sees the error.
    program_signals() {
        sigemptyset(&set_);
        for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, signal);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
    }

    // Returns the one that came, or 0 after `time`.
    int wait(std::chrono::seconds time) const {
        const timespec patience{.tv_sec = time.count(), .tv_nsec = 0};
        const int signal = sigtimedwait(&set_, nullptr, &patience);
        return signal < 0 ? 0 : signal;
    }

private:
    sigset_t set_{};
};

}  // namespace userinfo::programs
