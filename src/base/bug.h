// How a bug ends the program: with a line in the log, and at once.
#pragma once

#include <exception>
#include <string_view>

namespace userinfo {

// Logs that the exception `bug` left `where`, and ends the program with SIGABRT. Writes to standard error if no log is
// open.
[[noreturn]] void end_program(std::string_view where, const std::exception_ptr& bug) noexcept;

// From now on, an uncaught exception on any thread ends the program as `end_program` does.
void log_uncaught_exceptions();

}  // namespace userinfo
