// The limit on open files and sockets of this process.
#pragma once

#include <cstddef>

#include <sys/resource.h>

namespace userinfo::programs {

// Raises the soft limit, which is 1,024 nearly everywhere, to the hard limit. Returns the current limit.
inline std::size_t raise_descriptor_limit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    const rlimit all{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &all) == 0) return all.rlim_cur;
    return limit.rlim_cur;
}

}  // namespace userinfo::programs
