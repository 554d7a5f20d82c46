#include "programs/standard_output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

namespace userinfo::programs {

std::runtime_error output_failure(int why) {
    return std::runtime_error(std::string("standard output cannot be written: ") + std::strerror(why));
}

void finish_standard_output() {
    if (std::fflush(stdout) != 0) throw output_failure(errno);
    if (std::ferror(stdout) != 0) throw output_failure(EIO);
}

}  // namespace userinfo::programs
