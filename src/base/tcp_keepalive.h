// Finds out that the machine at the other end of an idle TCP connection is gone. Nothing else announces that.
#pragma once

#include <chrono>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace userinfo {

struct keepalive_times {
    std::chrono::seconds idle;      // before the first probe
    std::chrono::seconds interval;  // between two probes
};

// The kernel ends the connection of `socket` after three probes without an answer (tcp(7)). Does nothing if `socket` is
// not one of TCP.
inline void keep_alive(int socket, keepalive_times times) {
    const int on = 1;
    const int probes = 3;
    const auto idle = static_cast<int>(times.idle.count());
    const auto interval = static_cast<int>(times.interval.count());
    ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

}  // namespace userinfo
