// Keeps other processes and core dumps away from the memory of this process, which contains passwords and keys.
#pragma once

#include <cerrno>
#include <system_error>

#include <sys/prctl.h>
#include <sys/resource.h>

namespace userinfo::programs {

// No core is dumped, and no other process of the same user may read the memory or trace the process: root alone may
// (prctl(2), PR_SET_DUMPABLE). Throws std::system_error if the system does not let it.
inline void keep_memory_private() {
    constexpr rlimit none{.rlim_cur = 0, .rlim_max = 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        throw std::system_error(errno, std::generic_category(), "cannot keep its memory private");
}

}  // namespace userinfo::programs
