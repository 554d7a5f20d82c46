#include "base/bug.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <typeinfo>
#include <utility>

#include <boost/core/demangle.hpp>
#include <fmt/format.h>
#include <pthread.h>

#include "base/log.h"
#include "base/unicode.h"

namespace userinfo {

namespace {

// With its type: "map::at" alone says little.
std::string text_of(const std::exception_ptr& thrown) {
    if (!thrown) return "std::terminate";
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& known) {
        return boost::core::demangle(typeid(known).name()) + ": " + known.what();
    } catch (...) {
        return "an exception of an unknown type";
    }
}

[[noreturn]] void end_thread_and_program() {
    // Memory may be too short for the log line; then there is none.
    thread_local bool is_ending = false;
    if (std::exchange(is_ending, true)) std::abort();
    std::array<char, 16> thread{};
    pthread_getname_np(pthread_self(), thread.data(), thread.size());
    end_program(thread.data(), std::current_exception());
}

}  // namespace

void end_program(std::string_view where, const std::exception_ptr& bug) noexcept {
    const auto cause = text_of(bug);
    if (log_enabled(log_level::error)) {
        log_error("a bug ends the program", {{"where", where}, {"cause", std::string_view(cause)}});
        flush_log();
    } else {
        fmt::print(stderr, "userinfo: a bug in {} ends the program: {}\n", where, printable(cause));
    }
    std::abort();
}

void log_uncaught_exceptions() { std::set_terminate(end_thread_and_program); }

}  // namespace userinfo
