// Runs a task to completion from a thread outside the I/O threads, for program start and command line verbs.
#pragma once

#include <future>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "base/task.h"

namespace userinfo::programs {

// Blocks until `work` has finished on `context`, which other threads must run. Returns its value.
template <class T>
T run_task(asio::io_context& context, task<T> work) {
    return asio::co_spawn(context, std::move(work), asio::use_future).get();
}

}  // namespace userinfo::programs
