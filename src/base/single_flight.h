// Merges concurrent work for the same key: one caller does the work and the others wait for its result. This protects
// the database from a stampede when a cache is empty or down.
#pragma once

#include <exception>
#include <expected>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/suspend.h"
#include "base/task.h"

namespace userinfo {

// Thread-safe. A result may be as old as the start of the call that was joined.
template <class Key, class Value>
class single_flight {
public:
    // Awaits the running work for `key`, or else `work()`, a task<Value>. An exception reaches all who await the same
    // work.
    template <class Work>
    task<Value> run(Key key, Work work) {
        auto landed = co_await join(key);
        if (!landed) {
            try {
                landed.emplace(std::in_place, co_await work());
            } catch (...) {
                landed.emplace(std::unexpect, std::current_exception());
            }
            land(key, *landed);
        }
        if (!*landed) std::rethrow_exception(landed->error());
        co_return std::move(**landed);
    }

private:
    using outcome = std::expected<Value, std::exception_ptr>;
    using waiter = continuation<std::optional<outcome>>;

    // Returns the outcome of the running flight. Returns nothing if there was none and the caller has started one.
    task<std::optional<outcome>> join(const Key& key) {
        return suspend<std::optional<outcome>>([this, &key](waiter wait) { wait_or_begin(key, std::move(wait)); });
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
        wait(std::nullopt);
    }

    void land(const Key& key, const outcome& landed) {
        std::vector<waiter> waiters;
        {
            const std::scoped_lock lock(mutex_);
            waiters = std::move(flights_.extract(key).mapped());
        }
        for (auto& wait : waiters) wait(landed);
    }

    std::mutex mutex_;
    std::unordered_map<Key, std::vector<waiter>> flights_;
};

}  // namespace userinfo
