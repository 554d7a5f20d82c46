// Completes command lines for shells. The shell asks the program at each key press, so a script that was printed by an
// older version knows the verbs and options of this one.
#pragma once

#include <string>
#include <vector>

#include "programs/verbs.h"

namespace userinfo::programs {

// `words` are those behind the program's name up to the cursor; the last one, perhaps empty, is to be completed.
// Returns the words that it may become. Empty if any word may stand there, such as a file's name.
std::vector<std::string> complete(verbs& verbs, const std::vector<std::string>& words);

// A check of CLI11: empty, or what is wrong.
std::string is_shell(const std::string& name);

// Prints the script for bash. Returns the exit code.
int print_completion();

}  // namespace userinfo::programs
