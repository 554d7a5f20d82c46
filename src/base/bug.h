// How a bug ends the program: with a line in the log, and at once.
#pragma once

#include <exception>
#include <string_view>

namespace userinfo {

// Logs that `bug`, an exception, left `where`, and ends the program by SIGABRT. Writes to standard error if no log is
// open.
[[noreturn]] void end_program(std::string_view where, const std::exception_ptr& bug) noexcept;

// From now on an exception that nobody catches ends the program as `end_program` does, on whichever thread it is
// thrown.
void log_uncaught_exceptions();

}  // namespace userinfo
