// The coroutine type of the whole program. A task runs on the io_context of the connection that began it: what it calls
// between two `co_await`s never runs beside itself, and never on another thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace userinfo {

namespace asio = boost::asio;

// Concrete, not any_io_executor: no allocation and no virtual call at each suspension.
using io_executor = asio::io_context::executor_type;

template <class T>
using task = asio::awaitable<T, io_executor>;

inline constexpr asio::use_awaitable_t<io_executor> use_task{};

}  // namespace userinfo
