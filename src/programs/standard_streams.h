// Standard input, output and error of this process.
#pragma once

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace userinfo::programs {

// Takes the descriptors of standard streams that the caller closed, so that no file or socket gets one of them: a
// message would be written into it, and a password read from it. What is written is lost, and reading fails with EBADF
// as before. Throws std::system_error if there is no /dev/null. Call it before anything is opened.
inline void occupy_closed_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
        // The lowest free number, which is `stream`. For writing only, so that nothing can be read from any of them.
        if (::open("/dev/null", O_WRONLY) != stream)
            throw std::system_error(errno, std::generic_category(), "cannot open /dev/null");
    }
}

}  // namespace userinfo::programs
