#include "base/timer.h"

#include <boost/asio/this_coro.hpp>

namespace userinfo {

task<void> sleep_until(std::chrono::steady_clock::time_point when) {
    steady_timer wake(co_await asio::this_coro::executor, when);
    co_await wake.async_wait(use_task);
}

}  // namespace userinfo
