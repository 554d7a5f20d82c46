#include "base/spawn.h"

namespace userinfo {

void spawn(const io_executor& executor, const char* name, task<void> work) {
    spawn(executor, name, std::move(work), [] {});
}

}  // namespace userinfo
