// The program's command line: its verbs and options.
#pragma once

namespace userinfo::programs {

// Runs the verb in the arguments and returns the exit code: 0, 1 if it was refused, 2 for invalid arguments. Throws
// config_error, and std::runtime_error if the start fails.
int run_command_line(int argc, char** argv);

}  // namespace userinfo::programs
