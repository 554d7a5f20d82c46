// The program's entry point: runs the command line and reports a failed start.
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>
#include <sodium.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/unicode.h"
#include "programs/command_line.h"
#include "programs/function_binding.h"
#include "programs/private_memory.h"
#include "programs/program_signals.h"
#include "programs/setting_table.h"
#include "programs/standard_output.h"
#include "programs/standard_streams.h"

namespace {

// Runs before the constructors of shared libraries, which open descriptors of their own.
[[gnu::section(".preinit_array"), gnu::used]] void (*occupy_first)() = userinfo::programs::occupy_closed_streams;

// Throws what run_command_line throws, or output_failure.
int run_and_write_out(int argc, char** argv) {
    using namespace userinfo::programs;
    try {
        const int code = run_command_line(argc, argv);
        if (code == 0) finish_standard_output();
        return code;
    } catch (const std::system_error& why) {
        if (std::ferror(stdout) != 0) throw output_failure(why.code().value());  // fmt does not say which file it is
        throw;
    }
}

// Writes the pending lines of the log first: on a terminal, the reason is the last line.
void report_failure(const std::exception& why) {
    userinfo::close_log();
    fmt::print(stderr, "userinfo: {}\n", userinfo::printable(why.what()));
}

}  // namespace

int main(int argc, char** argv) {
    using namespace userinfo::programs;
    userinfo::log_uncaught_exceptions();
    int code = 1;
    try {
        bind_all_functions(argv);
        if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
        keep_memory_private();
        code = run_and_write_out(argc, argv);
    } catch (const told_to_stop&) {
        code = 0;
    } catch (const config_error& why) {
        report_failure(why);
        code = 2;
    } catch (const std::exception& why) {
        report_failure(why);
    }
    userinfo::close_log();
    return code;
}
