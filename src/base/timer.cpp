#include "base/timer.h"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace userinfo {

task<void> sleep_until(std::chrono::steady_clock::time_point when) {
    using timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                             io_executor>;
    timer wake(co_await asio::this_coro::executor, when);
    co_await wake.async_wait(use_task);
}

}  // namespace userinfo
