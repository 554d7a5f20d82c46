// When the dynamic linker binds the functions of shared libraries.
#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <unistd.h>

namespace userinfo::programs {

// Starts the program again, in the same process, with all functions bound before it runs (ld.so(8), LD_BIND_NOW),
// unless it was started so. By default most libraries of Debian bind a function when it is first called. The linker
// then saves all vector registers on the stack, and with them what was copied last: 16 bytes of a password, in a place
// that nobody wipes. Linking this program with -z now covers its own calls only, not those between libraries.
// Throws std::system_error if the program cannot be started again. Call it before anything else.
inline void bind_all_functions(char* const argv[]) {
    const char* const asked = std::getenv("LD_BIND_NOW");
    if (asked != nullptr && *asked != '\0') return;  // an empty value does not count
    const auto program = std::filesystem::read_symlink("/proc/self/exe");
    if (setenv("LD_BIND_NOW", "1", 1) == 0) execv(program.c_str(), argv);
    throw std::system_error(errno, std::generic_category(), "cannot start itself again to bind all functions");
}

}  // namespace userinfo::programs
