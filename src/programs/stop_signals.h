// SIGTERM and SIGINT as something to wait for, instead of something that interrupts.
#pragma once

#include <csignal>
#include <string_view>

#include <pthread.h>

namespace userinfo::programs {

class stop_signals {
public:
    // Blocks both for this thread and those that it makes from now on.
    stop_signals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGTERM);
        sigaddset(&set_, SIGINT);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }

    // Returns the name of the one that came.
    std::string_view wait() const {
        int signal = 0;
        sigwait(&set_, &signal);
        return signal == SIGINT ? "SIGINT" : "SIGTERM";
    }

private:
    sigset_t set_{};
};

}  // namespace userinfo::programs
