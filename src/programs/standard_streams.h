// Standard input, output and error of this process.
#pragma once

#include <cstdlib>
#include <initializer_list>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace userinfo::programs {

// Takes the descriptors of standard streams that the caller closed, so that no file or socket gets one of them: a
// message would be written into it, and a password read from it. What is written is lost, and reading fails with EBADF
// as before. Ends the process if there is no /dev/null. For .preinit_array: it uses system calls alone, because nothing
// is initialized by then.
[[clang::no_sanitize("address", "undefined")]] inline void occupy_closed_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::syscall(SYS_fcntl, stream, F_GETFD) != -1) continue;
        // The lowest free number, which is `stream`. For writing only, so that nothing can be read from any of them.
        if (::syscall(SYS_openat, AT_FDCWD, "/dev/null", O_WRONLY) != stream) ::_exit(EXIT_FAILURE);
    }
}

}  // namespace userinfo::programs
