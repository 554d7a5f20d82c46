// Lets a coroutine wait for a callback, from its own thread or from another one.
//
//     auto rows = co_await suspend<row_list>([&](continuation<row_list> resume) {
//         pool.push([resume = std::move(resume)]() mutable { resume(read_rows()); });
//     });
#pragma once

#include <cassert>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/task.h"

namespace userinfo {

namespace detail {

template <class T>
using value_of_wait = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

// What a suspended coroutine keeps in its frame.
template <class T>
struct suspension {
    const io_executor executor;
    std::move_only_function<void()> go_on = {};  // owns the coroutine
    std::optional<value_of_wait<T>> value = {};
};

}  // namespace detail

// Resumes a coroutine that `suspend` has suspended, and owns it until then.
//
// - Call it at most once. You may call it on any thread, even before `begin` has returned.
// - It returns at once. The coroutine resumes later, on the thread of its own io_context.
// - The io_context has work as long as the coroutine exists (`co_spawn` sees to that), so its `run` does not return.
//   The io_context itself must outlive the continuation.
// - If you destroy a continuation without calling it, the coroutine never resumes. Its io_context then destroys the
//   coroutine and all coroutines that await it. Do this only at the end of the program.
//
// It has the size of a pointer.
template <class T>
class continuation {
public:
    // Resumes nothing.
    continuation() = default;

    continuation(continuation&& other) noexcept : suspended_(std::exchange(other.suspended_, nullptr)) {}
    continuation& operator=(continuation&& other) noexcept {
        continuation(std::move(other)).swap(*this);
        return *this;
    }
    ~continuation() {
        // Out of the frame first, which may end at once, on another thread.
        if (suspended_ != nullptr) const auto dropped = std::move(suspended_->go_on);
    }

    // Whether somebody waits to be resumed.
    explicit operator bool() const { return suspended_ != nullptr; }

    // With the value that `co_await suspend` is to return, or without any if T is void.
    template <class... Value>
        requires(sizeof...(Value) == (std::is_void_v<T> ? 0 : 1)) &&
                std::is_constructible_v<detail::value_of_wait<T>, Value...>
    void operator()(Value&&... value) {
        assert(suspended_ != nullptr);
        suspended_->value.emplace(std::forward<Value>(value)...);
        go_on_later();
    }

private:
    template <class U, class Begin>
    friend task<U> suspend(Begin begin);

    explicit continuation(detail::suspension<T>& suspended) : suspended_(&suspended) {}

    void swap(continuation& other) noexcept { std::swap(suspended_, other.suspended_); }

    // As soon as this has posted, the coroutine may run to its end on another thread. Nothing of its frame may be
    // touched from then on, and its io_context must have work until `post` has returned.
    void go_on_later() {
        const auto work = asio::make_work_guard(suspended_->executor);
        asio::post(work.get_executor(), [self = std::move(*this)]() mutable {
            auto go_on = std::move(std::exchange(self.suspended_, nullptr)->go_on);
            go_on();
        });
    }

    detail::suspension<T>* suspended_ = nullptr;
};

// Suspends the coroutine that awaits it, calls `begin(continuation<T>)` on its thread, and returns what the
// continuation is called with. `begin` must not throw; an exception ends the program.
//
// References from `begin` to local variables of the awaiting coroutine stay valid until the coroutine resumes. Other
// objects may have been destroyed by then. So a member function must not use `this` afterwards, unless something keeps
// its object alive.
template <class T, class Begin>
task<T> suspend(Begin begin) {
    detail::suspension<T> suspended{.executor = co_await asio::this_coro::executor};
    co_await asio::async_initiate<const asio::deferred_t, void()>(
        [&](auto go_on) noexcept {
            suspended.go_on = std::move(go_on);
            begin(continuation<T>(suspended));
        },
        asio::deferred);
    if constexpr (!std::is_void_v<T>) co_return std::move(*suspended.value);
}

}  // namespace userinfo
