// Starts coroutines that nobody awaits: background loops, connections, calls. An exception that leaves one of them is a
// bug; it is logged and ends the program, so that no loop dies unnoticed.
//
// Stopping the io_context is no bug: a coroutine that waits then never resumes, and ends together with the io_context.
#pragma once

#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>

#include "base/bug.h"
#include "base/task.h"

namespace userinfo {

// Runs `work` on `executor`, then calls `done` there. If `work` throws, the log shows `name`, which must be a literal.
//
// `work` runs on after the function that spawned it has returned. So pass its arguments by value, or as references to
// objects that outlive it.
template <class Done>
void spawn(const io_executor& executor, const char* name, task<void> work, Done done) {
    asio::co_spawn(executor, std::move(work), [name, done = std::move(done)](const std::exception_ptr& bug) mutable {
        if (bug) end_program(name, bug);
        done();
    });
}

void spawn(const io_executor& executor, const char* name, task<void> work);

}  // namespace userinfo
