// The coroutine type of the program. A task stays on the io_context of the connection that started it. Between two
// `co_await`s it runs without interruption, on that context's one thread, so it needs no locks.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace userinfo {

namespace asio = boost::asio;

// A concrete type instead of any_io_executor saves an allocation and a virtual call at each suspension.
using io_executor = asio::io_context::executor_type;

template <class T>
using task = asio::awaitable<T, io_executor>;

inline constexpr asio::use_awaitable_t<io_executor> use_task{};

}  // namespace userinfo
