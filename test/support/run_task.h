// Runs tasks to completion, outside of any server.
#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>

#include "base/task.h"

namespace userinfo::test {

namespace detail {

template <class T>
task<void> keep(task<T> source, std::optional<T>& out) {
    out.emplace(co_await std::move(source));
}

inline void rethrow(const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace detail

// Runs the task on `context`, which nothing else may be running. Returns or throws what the task does.
template <class T>
T run_on(asio::io_context& context, task<T> source) {
    context.restart();
    if constexpr (std::is_void_v<T>) {
        asio::co_spawn(context.get_executor(), std::move(source), detail::rethrow);
        context.run();
    } else {
        std::optional<T> out;
        asio::co_spawn(context.get_executor(), detail::keep(std::move(source), out), detail::rethrow);
        context.run();
        return std::move(*out);
    }
}

template <class T>
T run(task<T> source) {
    asio::io_context context(1);
    return run_on(context, std::move(source));
}

// Starts all tasks at once on `threads` threads. Returns their results in the same order.
template <class T>
std::vector<T> run_together(std::vector<task<T>> tasks, std::size_t threads = 4) {
    std::vector<std::optional<T>> outs(tasks.size());
    std::vector<std::unique_ptr<asio::io_context>> contexts;
    for (std::size_t i = 0; i < threads; ++i) contexts.push_back(std::make_unique<asio::io_context>(1));
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        asio::co_spawn(contexts[i % threads]->get_executor(), detail::keep(std::move(tasks[i]), outs[i]),
                       detail::rethrow);
    }
    std::vector<std::thread> runners;
    for (auto& context : contexts) runners.emplace_back([&context] { context->run(); });
    for (auto& runner : runners) runner.join();
    std::vector<T> results;
    for (auto& out : outs) results.push_back(std::move(*out));
    return results;
}

}  // namespace userinfo::test
