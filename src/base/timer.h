// Waits without blocking a thread.
#pragma once

#include <chrono>

#include "base/task.h"

namespace userinfo {

// Resumes at `when`, or immediately if that has passed.
task<void> sleep_until(std::chrono::steady_clock::time_point when);

}  // namespace userinfo
