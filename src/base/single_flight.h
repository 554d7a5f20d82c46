// Merges equal work: while one caller reads a key, others that want the same wait for its answer, so that a cache that
// is empty or down does not send a stampede to the database.
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

// Thread-safe. An answer may be as old as the beginning of the call that was joined.
template <class Key, class Value>
class single_flight {
public:
    // Awaits `work()`, a task<Value> that does not throw, or the one that runs for `key` already.
    template <class Work>
    task<Value> run(Key key, Work work) {
        if (auto landed = co_await join(key)) co_return std::move(*landed);
        Value value = co_await work();
        land(key, value);
        co_return value;
    }

private:
    using waiter = std::move_only_function<void(const Value*)>;

    // The answer of the flight that is on its way; nothing if there is none and the caller has begun one.
    task<std::optional<Value>> join(const Key& key) {
        std::optional<Value> answer;
        const auto executor = co_await asio::this_coro::executor;
        co_await asio::async_initiate<const asio::use_awaitable_t<io_executor>, void()>(
            [&](auto handler) {
                // `answer` is written on the thread that lands, and read after the post: never by two at once.
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
