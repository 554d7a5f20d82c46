// The verbs of the program and their options.
#pragma once

namespace userinfo::programs {

// Runs the verb that the arguments name and returns the exit code: 0, 1 if it was refused, 2 for a mistake in the
// arguments. Throws config_error, and std::runtime_error if a start fails.
int run_command_line(int argc, char** argv);

}  // namespace userinfo::programs
