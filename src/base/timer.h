// Waits without blocking a thread.
#pragma once

#include <chrono>

#include <boost/asio/basic_waitable_timer.hpp>

#include "base/task.h"

namespace userinfo {

// Asio's own alias has a type-erased executor.
using steady_timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, io_executor>;

// Resumes at `when`, or immediately if that has passed.
task<void> sleep_until(std::chrono::steady_clock::time_point when);

}  // namespace userinfo
