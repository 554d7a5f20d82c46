#include "programs/line_output.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>

#include <poll.h>
#include <unistd.h>

#include "programs/standard_output.h"

namespace userinfo::programs {

namespace {

// How long a signal may wait while the output is full.
constexpr std::chrono::milliseconds between_signals{100};

}  // namespace

bool line_output::write(std::string_view line) {
    while (!line.empty()) {
        look(POLLOUT, between_signals);
        if (is_over_) return false;
        if (!is_writable_) continue;
        // A pipe that is writable takes so many bytes at once.
        const auto written = ::write(STDOUT_FILENO, line.data(), std::min<std::size_t>(line.size(), PIPE_BUF));
        if (written >= 0) {
            line.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EPIPE) {
            is_over_ = true;
        } else if (errno != EINTR && errno != EAGAIN) {
            throw output_failure(errno);
        }
    }
    return true;
}

void line_output::wait(std::chrono::seconds time) {
    if (signals_.wait(time) != 0) is_over_ = true;
    look(0, std::chrono::milliseconds(0));
}

void line_output::look(short wanted, std::chrono::milliseconds patience) {
    pollfd output{.fd = STDOUT_FILENO, .events = wanted, .revents = 0};
    ::poll(&output, 1, static_cast<int>(patience.count()));
    is_writable_ = (output.revents & POLLOUT) != 0;
    if ((output.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) is_over_ = true;
    if (signals_.wait(std::chrono::seconds(0)) != 0) is_over_ = true;
}

}  // namespace userinfo::programs
