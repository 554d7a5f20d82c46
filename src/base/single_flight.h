// Merges concurrent work for the same key: one caller does the work and the others wait for its result. This protects
// the database from a stampede when a cache is empty or down.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/task.h"

namespace userinfo {

// Thread-safe. A result may be as old as the start of the call that was joined.
template <class Key, class Value>
class single_flight {
public:
    // Awaits the running work for `key`, or else `work()`, a task<Value> that must not throw.
    template <class Work>
    task<Value> run(Key key, Work work) {
        if (auto landed = co_await join(key)) co_return std::move(*landed);
        Value value = co_await work();
        land(key, value);
        co_return value;
    }

private:
    using waiter = std::move_only_function<void(const Value*)>;

    // Returns the result of the running flight. Returns nothing if there was none and the caller has started one.
    task<std::optional<Value>> join(const Key& key) {
        std::optional<Value> answer;
        const auto executor = co_await asio::this_coro::executor;
        co_await asio::async_initiate<const asio::use_awaitable_t<io_executor>, void()>(
            [&](auto handler) {
                // `answer` is written on the thread that finishes the flight, and read after the post. The accesses
                // never overlap.
                wait_or_begin(key, [&answer, guard = asio::make_work_guard(executor),
                                    handler = std::move(handler)](const Value* landed) mutable {
                    if (landed != nullptr) answer = *landed;
                    asio::post(guard.get_executor(), std::move(handler));
                });
            },
            use_task);
        co_return answer;
    }

    void wait_or_begin(const Key& key, waiter wait) {
        {
            const std::scoped_lock lock(mutex_);
            const auto [flight, began] = flights_.try_emplace(key);
            if (!began) {
                flight->second.push_back(std::move(wait));
                return;
            }
        }
        wait(nullptr);
    }

    void land(const Key& key, const Value& value) {
        std::vector<waiter> waiters;
        {
            const std::scoped_lock lock(mutex_);
            waiters = std::move(flights_.extract(key).mapped());
        }
        for (auto& wait : waiters) wait(&value);
    }

    std::mutex mutex_;
    std::unordered_map<Key, std::vector<waiter>> flights_;
};

}  // namespace userinfo
