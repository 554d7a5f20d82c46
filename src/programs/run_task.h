// Runs a task to its end from a thread that serves nothing: for the start of a program and for command line verbs.
#pragma once

#include <future>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "base/task.h"

namespace userinfo::programs {

// Blocks until `work`, run on `context` (which other threads serve), is done; returns its value.
template <class T>
T run_task(asio::io_context& context, task<T> work) {
    return asio::co_spawn(context, std::move(work), asio::use_future).get();
}

}  // namespace userinfo::programs
